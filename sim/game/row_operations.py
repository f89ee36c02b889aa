"""The operations on rows by name and number, and what each takes and makes; no compiled code is loaded to know them."""

LANES = 64  # draws side by side: one word of truths, and a block's rows stay in the processor's second cache

# First what formulas compute; from `truth` on the poison of a number that is none is the operation's own affair.
_NAMES = (
    *("neg", "abs", "exp", "log", "sqrt"),
    *("+", "-", "*", "/", "**", "min", "max", "==", "!=", "<", "<=", ">", ">=", "clip"),
    *("truth", "not", "and", "or", "choice"),
    *("share", "check", "short", "reach", "closed", "compare", "keep", "both", "either"),
)
OPCODES = {name: number for number, name in enumerate(_NAMES)}
MAKES_WORDS = frozenset({"short", "compare", "keep", "both", "either"})
TAKES_WORDS = {"reach": 1, "keep": 2, "both": 2, "either": 2}  # so many of the first arguments are words
CARRY = frozenset({"+", "-", "*", "neg"})  # what is not finite in an argument is not finite in the result
