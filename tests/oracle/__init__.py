"""A second, slow answer: the definitions written again in loops and exact fractions, no line shared with the engine."""
