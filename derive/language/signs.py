"""What the commands of LaTeX mathematics look like."""

from __future__ import annotations

_GREEK = dict(
    alpha="α", beta="β", gamma="γ", delta="δ", epsilon="ϵ", varepsilon="ε", zeta="ζ", eta="η", theta="θ",
    vartheta="ϑ", iota="ι", kappa="κ", lambda_="λ", mu="μ", nu="ν", xi="ξ", omicron="ο", pi="π", rho="ρ",
    varrho="ϱ", sigma="σ", varsigma="ς", tau="τ", upsilon="υ", phi="ϕ", varphi="φ", chi="χ", psi="ψ", omega="ω",
    Gamma="Γ", Delta="Δ", Theta="Θ", Lambda="Λ", Xi="Ξ", Pi="Π", Sigma="Σ", Upsilon="Υ", Phi="Φ", Psi="Ψ", Omega="Ω",
)  # fmt: skip
SIGNS = {name.rstrip("_"): sign for name, sign in _GREEK.items()} | dict(
    ell="ℓ", infty="∞", nabla="∇", partial="∂", top="⊤", ldots="…", dots="…", cdots="⋯", vdots="⋮", ddots="⋱",
    emptyset="∅", forall="∀", exists="∃", hbar="ℏ", Re="ℜ", Im="ℑ",
)  # fmt: skip
RELATIONS = dict(
    le="≤", leq="≤", ge="≥", geq="≥", ne="≠", neq="≠", sim="∼", approx="≈", equiv="≡", propto="∝", to="→",
    rightarrow="→", mapsto="↦", subset="⊂", subseteq="⊆", perp="⊥", ll="≪", gg="≫", iff="⟺",
    implies="⟹", Rightarrow="⇒", Leftrightarrow="⇔", colon=":", lt="<", gt=">", notin="∉",
)  # fmt: skip
RELATIONS["in"] = "∈"
OPERATORS = dict(cdot="·", times="×", pm="±", mp="∓", odot="⊙", otimes="⊗", circ="∘", ast="∗", cup="∪", cap="∩",
                 div="÷", setminus="∖", wedge="∧", vee="∨", neg="¬", prime="′")  # fmt: skip
BIG = dict(sum="∑", prod="∏", int="∫", iint="∬", bigcup="⋃", bigcap="⋂")
FUNCTIONS = frozenset(
    {"log", "ln", "exp", "sin", "cos", "tan", "tanh", "sinh", "cosh", "det", "max", "min", "sup", "inf", "lim", "Pr",
     "dim", "ker", "arg", "gcd", "deg"}
)  # fmt: skip
ACCENTS = dict(hat="^", widehat="^", tilde="~", widetilde="~", bar="¯", overline="¯", vec="→", dot="˙", ddot="¨")
SPACES = {",": "thin", ":": "medium", ";": "thick", " ": "thick", "!": "", "\n": "thick", "enspace": "thick",
          "thinspace": "thin", "nobreak": "", "middle": "", "allowbreak": ""}  # fmt: skip

_UPPER, _LOWER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
_BLACKBOARD = dict(zip(_UPPER, "𝔸𝔹ℂ𝔻𝔼𝔽𝔾ℍ𝕀𝕁𝕂𝕃𝕄ℕ𝕆ℙℚℝ𝕊𝕋𝕌𝕍𝕎𝕏𝕐ℤ", strict=True))
_SCRIPT = dict(zip(_UPPER, "𝒜ℬ𝒞𝒟ℰℱ𝒢ℋℐ𝒥𝒦ℒℳ𝒩𝒪𝒫𝒬ℛ𝒮𝒯𝒰𝒱𝒲𝒳𝒴𝒵", strict=True))
_BOLD = {c: chr(0x1D400 + i) for i, c in enumerate(_UPPER)} | {c: chr(0x1D41A + i) for i, c in enumerate(_LOWER)}
_BOLD |= {str(i): chr(0x1D7CE + i) for i in range(10)}
FONTS = {"mathbb": _BLACKBOARD, "mathcal": _SCRIPT, "mathscr": _SCRIPT, "mathbf": _BOLD, "boldsymbol": _BOLD,
         "bm": _BOLD}  # fmt: skip

SUPERSCRIPTS = dict(zip(
    "0123456789+−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW⊤′*θβγδ",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵀ′*ᶿᵝᵞᵟ", strict=True,
))  # fmt: skip
SUBSCRIPTS = dict(zip("0123456789+−=()aehijklmnoprstuvxβγρϕχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True))
