"""The operations on rows by name and number, and what each takes and makes; no compiled code is loaded to know them."""

LANES = 64  # draws side by side: one word of truths, and a block's rows stay in the processor's second cache

# First what formulas compute; from `truth` on the poison of a number that is none is the operation's own affair.
_NAMES = (
    *("neg", "abs", "exp", "log", "sqrt"),
    *("+", "-", "*", "/", "**", "min", "max", "==", "!=", "<", "<=", ">", ">=", "clip"),
    *("truth", "not", "and", "or", "choice"),
    *("share", "check", "short", "where", "closed", "both", "either"),
)
OPCODES = {name: number for number, name in enumerate(_NAMES)}
MAKES_WORDS = frozenset({"short", "both", "either"})
TAKES_WORDS = {"where": (True, False), "both": (True, True), "either": (True, True)}  # a flag an argument
CARRY = frozenset({"+", "-", "*", "neg"})  # what is not finite in an argument is not finite in the result
