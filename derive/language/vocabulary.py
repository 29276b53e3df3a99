r"""The words and signs of the language's mathematics, and how each is read."""

from __future__ import annotations

GREEK = tuple(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho varrho sigma "
    "varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega".split()
)
SIGN_NAMES = frozenset(GREEK) | {"ell", "hbar"}  # names that LaTeX writes as commands

# Words of \mathrm{…}, \operatorname{…}, \text{…} and commands -> the function or law they mean.
WORDS: dict[str, str] = {
    "log": "log", "ln": "log", "exp": "exp", "sin": "sin", "cos": "cos", "tan": "tan", "tanh": "tanh",
    "sign": "sign", "sgn": "sign", "Sign": "sign", "ReLU": "ReLU", "relu": "ReLU", "sigmoid": "sigmoid",
    "softmax": "softmax", "max": "max", "min": "min", "det": "det", "tr": "tr", "Tr": "tr", "trace": "tr",
    "rank": "rank", "diag": "diag", "RMS": "RMS", "rms": "RMS", "Var": "Var", "Cov": "Cov", "E": "Expect", "Pr": "Pr",
    "KL": "KL", "H": "Entropy", "Normal": "Normal", "Uniform": "Uniform", "Unif": "Uniform", "Rademacher": "Rademacher",
    "Bernoulli": "Bernoulli", "Binomial": "BinomialLaw", "Geometric": "Geometric", "Exponential": "Exponential",
    "Laplace": "Laplace", "Poisson": "Poisson", "Gamma": "GammaLaw", "Beta": "BetaLaw", "Categorical": "Categorical",
    "Exp": "Exponential", "Bin": "BinomialLaw", "Binom": "BinomialLaw", "Bern": "Bernoulli", "Ber": "Bernoulli", "Geom": "Geometric",
    "Geo": "Geometric", "Pois": "Poisson", "Poi": "Poisson", "Cat": "Categorical", "Lap": "Laplace",
}  # fmt: skip
# Commands that are words without \mathrm.
COMMAND_WORDS = frozenset(
    "log ln exp sin cos tan tanh max min det Pr sgn sign tr Tr Var Cov ReLU RMS rank diag KL softmax sigmoid".split()
)
FUNCTIONS: dict[str, str] = {  # of one argument -> head
    "log": "Ln", "exp": "Exp", "sin": "Sin", "cos": "Cos", "tan": "Tan", "tanh": "Tanh", "sign": "Sign", "ReLU": "ReLU",
    "sigmoid": "Sigmoid", "softmax": "Softmax", "Gamma": "Gamma", "det": "Det", "tr": "Trace", "rank": "Rank",
    "diag": "Diag", "RMS": "RMS",
}  # fmt: skip
QUANTITIES: dict[str, str] = {  # words that stand in a formula for what a document counts -> head
    "the number of forward operations": "ForwardOperations", "the number of memory loads": "MemoryLoads",
    "the time of the backward pass": "BackwardTime", "the total time": "TotalTime",
}  # fmt: skip
LAWS: dict[str, tuple[str, ...]] = {  # law -> what its parameters are
    "Normal": ("mean", "variance"), "Uniform": ("real", "real"), "Rademacher": (), "Bernoulli": ("probability",),
    "BinomialLaw": ("integer", "probability"), "Geometric": ("probability",), "Exponential": ("rate",),
    "Laplace": ("mean", "scale"), "Poisson": ("rate",), "GammaLaw": ("shape", "scale"), "BetaLaw": ("shape", "shape"),
    "ChiSquared": ("integer",), "Categorical": ("probabilities",),
}  # fmt: skip
GROWTH = {"Theta": "Theta", "O": "BigO", "O_cal": "BigO", "Omega": "BigOmega"}
LETTERS = {"E": "Expect", "P": "Pr", "V": "Var"}  # read so unless declared

RELATIONS: dict[str, str] = {
    "le": "<=", "leq": "<=", "leqslant": "<=", "ge": ">=", "geq": ">=", "geqslant": ">=", "ne": "!=", "neq": "!=",
    "lt": "<", "gt": ">", "in": "in", "sim": "sim", "approx": "approx", "to": "to", "rightarrow": "to",
    "coloneqq": "=",
}  # fmt: skip
LOGIC: dict[str, str] = {  # between statements
    "iff": "iff", "Leftrightarrow": "iff", "Longleftrightarrow": "iff", "implies": "implies", "Rightarrow": "implies",
    "Longrightarrow": "implies",
}  # fmt: skip
LOGIC_HEADS = {"iff": "Iff", "implies": "Implies"}
HEADS = {"=": "Eq", "!=": "Ne", "<": "Lt", "<=": "Le", ">": "Gt", ">=": "Ge"}

UNITS = ("ns", "us", "ms", "s")  # of time

# Commands that carry no meaning.
SPACING = frozenset(
    ", : ; ! > quad qquad thinspace medspace thickspace negthinspace enspace displaystyle textstyle scriptstyle limits "
    "nolimits mathstrut nonumber notag allowbreak hfill".split()
) | {" ", "\n"}  # fmt: skip
SIZES = frozenset(
    "left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm Bigm biggm Biggm".split()
)
ACCENTS = {"hat": "hat", "widehat": "hat", "tilde": "tilde", "widetilde": "tilde", "bar": "bar", "overline": "bar"}
COMBINING = {"\u0302": "hat", "\u0303": "tilde", "\u0304": "bar"}
# Fonts that do not change a name, and those that mark another one.
PLAIN_FONTS = frozenset("mathbf boldsymbol bm mathit symbf bf vec mathnormal".split())
WORD_FONTS = frozenset("mathrm operatorname operatorname* text textrm mathsf textnormal mathop mbox textup".split())

CHARACTERS: dict[str, str] = {  # Unicode -> LaTeX
    "≤": r"\le ", "≥": r"\ge ", "≠": r"\ne ", "∈": r"\in ", "∼": r"\sim ", "≈": r"\approx ", "→": r"\to ",
    "∞": r"\infty ",
    "·": r"\cdot ", "⋅": r"\cdot ", "×": r"\times ", "∗": "*", "⊙": r"\odot ", "−": "-", "–": "-", "‖": r"\|",
    "∥": r"\|",
    "∣": r"\mid ", "ℝ": r"\mathbb{R}", "ℕ": r"\mathbb{N}", "ℤ": r"\mathbb{Z}", "𝔼": r"\mathbb{E}",
    "ℙ": r"\mathbb{P}", "𝒩": r"\mathcal{N}", "∇": r"\nabla ", "∂": r"\partial ", "∑": r"\sum ", "∏": r"\prod ",
    "∫": r"\int ",
    "√": r"\sqrt ",
    "…": r"\ldots ", "⋯": r"\cdots ", "⊤": r"\top ", "ℓ": r"\ell ", "⌊": r"\lfloor ", "⌋": r"\rfloor ", "⌈": r"\lceil ",
    "⌉": r"\rceil ", "′": "'", "’": "'", "″": "''", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "𝟏": r"\mathbf{1}",
    "𝟙": r"\mathbf{1}", "½": r"\frac{1}{2}", "ϕ": r"\phi ", "ϵ": r"\epsilon ", "ε": r"\epsilon ", "∶": ":",
    "⟺": r"\iff ", "⇔": r"\iff ", "⟹": r"\implies ", "⇒": r"\implies ",
    "µ": r"\mu ", "≔": "=",
}  # fmt: skip
_GREEK_LETTERS = dict(
    zip(
        "αβγδζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ",
        "alpha beta gamma delta zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega "
        "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega".split(),
        strict=True,
    )
)
CHARACTERS |= {c: f"\\{name} " for c, name in _GREEK_LETTERS.items()}
RAISED = dict(
    zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴸᴷᴺᴾ", "0123456789+-=()abcdefghijklmnoprstuvwxyzLKNP", strict=True)
)
RAISED |= {"ᵀ": r"\top "}
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789+-=()aehijklmnoprstuvx", strict=True))
LOWERED |= {"ᵦ": r"\beta ", "ᵧ": r"\gamma ", "ᵨ": r"\rho ", "ᵩ": r"\phi ", "ᵪ": r"\chi "}
