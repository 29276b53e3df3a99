"""Information matrices, policies, exponential families: answers against formulas worked out by hand, wrong claims beside right ones."""

from __future__ import annotations

import pytest
from cases import EXCHANGE, Case, answers_of

from derive.language.model import ReadError
from derive.language.reading import read_problem

SCORE = r"\nabla_\theta \log p_\theta(x)"
OUTER = rf"\mathbb{{E}}_{{x \sim p_\theta}}[{SCORE} {SCORE}^\top]"
BENT = r"-\mathbb{E}_{x \sim p_\theta}[\nabla_\theta^2 \log p_\theta(x)]"
SOFT = r"\mathrm{Categorical}(\mathrm{softmax}(z))"
LOG = r"\log \mathrm{softmax}(z)_a"
LOGIT = r"\mathrm{Bernoulli}(\mathrm{sigmoid}(w^\top x))"
LIKELY = r"\log \mathrm{Bernoulli}(y; \mathrm{sigmoid}(w^\top x))"
POISSON, MASS = r"\mathrm{Poisson}(\lambda)", r"\log \mathrm{Poisson}(x; \lambda)"
FAMILY = r"""Let $T : \mathbb{R} \to \mathbb{R}$ be a function.
Let $\theta \in \mathbb{R}$.
Let $h : \mathbb{R} \to \mathbb{R}$ be a function.
Assume $h(x) > 0$ for every $x$.
"""

PROBLEMS: dict[str, tuple[str, list[Case]]] = {
    "mean and log scale": ("Let $\\theta \\in \\mathbb{R}^2$.\nDefine $p_\\theta(x) = \\mathcal{N}(x; \\theta_1, e^{2 \\theta_2})$.\n" + EXCHANGE, [
        Case(f"Find ${OUTER}$.", r"e^{-2 \theta_2} \nabla_\theta \theta_1 (\nabla_\theta \theta_1)^\top + 2 \nabla_\theta \theta_2 (\nabla_\theta \theta_2)^\top"),
        Case(f"Find ${BENT}$.", r"e^{-2 \theta_2} \nabla_\theta \theta_1 (\nabla_\theta \theta_1)^\top + 2 \nabla_\theta \theta_2 (\nabla_\theta \theta_2)^\top"),
    ]),
    "the mean of a vector": ("Let $\\theta \\in \\mathbb{R}^n$.\nDefine $p_\\theta(x) = \\mathcal{N}(x; \\theta, I)$.\n", [
        Case(f"Find ${OUTER}$.", "I_n"), Case(f"Find ${BENT}$.", "I_n"), Case(f"Show that ${OUTER} = I$.", status="shown"),
        Case(f"Is it true that ${OUTER} = 2 I$?", status="refuted"),
    ]),
    "logits": ("Let $z \\in \\mathbb{R}^n$.\n", [
        Case(rf"Find $\mathbb{{E}}_{{a \sim {SOFT}}}[\nabla_z {LOG} \nabla_z {LOG}^\top]$.", r"\nabla_z^2 \log \sum_{j=1}^n e^{z_j}",
             says=r"\mathrm{diag}(\mathrm{softmax}(z)) - \mathrm{softmax}(z)\, \mathrm{softmax}(z)^\top"),
        Case(rf"Find $-\mathbb{{E}}_{{a \sim {SOFT}}}[\nabla_z^2 {LOG}]$.", r"\nabla_z^2 \log \sum_{j=1}^n e^{z_j}"),
        Case(rf"Is it true that $-\mathbb{{E}}_{{a \sim {SOFT}}}[\nabla_z^2 {LOG}] = \mathrm{{diag}}(\mathrm{{softmax}}(z))$?", status="refuted"),
        Case(rf"Find $\mathrm{{H}}({SOFT})$.", r"-\sum_{k=1}^n \mathrm{softmax}(z)_k \log \mathrm{softmax}(z)_k"),
    ]),
    "a logistic model": ("Let $w, x \\in \\mathbb{R}^n$.\n", [
        Case(rf"Find $\mathbb{{E}}_{{y \sim {LOGIT}}}[\nabla_w {LIKELY} \nabla_w {LIKELY}^\top]$.",
             r"\frac{e^{w^\top x}}{(1 + e^{w^\top x})^2} x x^\top"),
        Case(rf"Find $-\mathbb{{E}}_{{y \sim {LOGIT}}}[\nabla_w^2 {LIKELY}]$.", r"\frac{e^{w^\top x}}{(1 + e^{w^\top x})^2} x x^\top"),
    ]),
    "a linear model": ("Let $x \\in \\mathbb{R}^n$ be fixed.\nLet $\\theta \\in \\mathbb{R}^n$.\nLet $\\sigma > 0$.\n"
                       "Define $p_\\theta(y) = \\mathcal{N}(y; \\theta^\\top x, \\sigma^2)$.\n", [
        Case(f"Find ${OUTER}$.".replace(r"x \sim", r"y \sim").replace("(x)", "(y)"), r"\frac{1}{\sigma^2} x x^\top"),
        Case(f"Find ${BENT}$.".replace(r"x \sim", r"y \sim").replace("(x)", "(y)"), r"\frac{1}{\sigma^2} x x^\top"),
        Case(rf"Is it true that ${OUTER} = \frac{{1}}{{\sigma}} x x^\top$?".replace(r"x \sim", r"y \sim").replace("(x)", "(y)"), status="refuted"),
    ]),
    "one number": ("Let $\\lambda > 0$ and $\\mu, \\rho \\in \\mathbb{R}$.\nLet $0 < p < 1$.\n", [
        Case(rf"Find $\mathbb{{E}}_{{x \sim {POISSON}}}[(\frac{{d}}{{d\lambda}} {MASS})^2]$.", r"\frac{1}{\lambda}"),
        Case(rf"Find $-\mathbb{{E}}_{{x \sim {POISSON}}}[\frac{{d^2}}{{d\lambda^2}} {MASS}]$.", r"\frac{1}{\lambda}"),
        Case(r"Find $\mathbb{E}_{x \sim \mathcal{N}(\mu, e^{2 \rho})}[(\frac{d}{d\rho} \log \mathcal{N}(x; \mu, e^{2 \rho}))^2]$.", "2", says="2"),
        Case(r"Find $\mathbb{E}_{x \sim \mathcal{N}(\mu, e^{2 \rho})}[\frac{d}{d\mu} \log \mathcal{N}(x; \mu, e^{2 \rho}) \frac{d}{d\rho} \log \mathcal{N}(x; \mu, e^{2 \rho})]$.",
             "0"),
        Case(r"Find $\mathbb{E}_{x \sim \mathrm{Bernoulli}(p)}[(\frac{d}{dp} \log \mathrm{Bernoulli}(x; p))^2]$.", r"\frac{1}{p (1 - p)}", says=r"\frac{1}{p (1 - p)}"),
    ]),
    "categories": ("Let $p, q \\in \\mathbb{R}^n$ be probability vectors.\n", [
        Case(r"Find $\mathrm{H}(\mathrm{Categorical}(p))$.", r"-\sum_{k=1}^n p_k \log p_k"),
        Case(r"Find $\mathrm{KL}(\mathrm{Categorical}(p) \,\|\, \mathrm{Categorical}(q))$.", status="refused", says="$q_k > 0$ for every $k$"),
        Case(r"Show that $\mathrm{KL}(\mathrm{Categorical}(p) \,\|\, \mathrm{Categorical}(q)) = \sum_{k=1}^n p_k \log \frac{p_k}{q_k}$.", status="undecided",
             says="$q_k > 0$ for every $k$"),
    ]),
    "categories that all come": ("Let $p, q \\in \\mathbb{R}^n$ be probability vectors.\nAssume $q_k > 0$ for every $k$.\n", [
        Case(r"Find $\mathrm{KL}(\mathrm{Categorical}(p) \,\|\, \mathrm{Categorical}(q))$.", r"\sum_{k=1}^n p_k \log \frac{p_k}{q_k}"),
        Case(r"Show that $\mathrm{KL}(\mathrm{Categorical}(p) \,\|\, \mathrm{Categorical}(q)) \ge 0$.", status="shown"),
    ]),
    "cross entropy": ("Let $z \\in \\mathbb{R}^n$.\nLet $q \\in \\mathbb{R}^n$ be a probability vector.\nLet $a \\in \\mathbb{R}$.\nLet $0 < p < 1$.\n", [
        Case(r"Find $-\mathbb{E}_{x \sim \mathrm{Categorical}(q)}[\log \mathrm{softmax}(z)_x]$.", r"-\sum_{k=1}^n q_k (z_k - \log \sum_{j=1}^n e^{z_j})"),
        Case(r"Find $\nabla_z (-\mathbb{E}_{x \sim \mathrm{Categorical}(q)}[\log \mathrm{softmax}(z)_x])$.", r"\nabla_z \log \sum_{j=1}^n e^{z_j} - q",
             says=r"\mathrm{softmax}(z) - q"),
        Case(r"Find $\nabla_z \mathrm{KL}(\mathrm{Categorical}(q) \,\|\, \mathrm{Categorical}(\mathrm{softmax}(z)))$.", r"\nabla_z \log \sum_{j=1}^n e^{z_j} - q",
             says=r"\mathrm{softmax}(z) - q"),
        Case(r"Show that $\nabla_z \mathrm{KL}(\mathrm{Categorical}(q) \,\|\, \mathrm{Categorical}(\mathrm{softmax}(z))) = q - \mathrm{softmax}(z)$.", status="refuted"),
        Case(r"Find $-\mathbb{E}_{x \sim \mathrm{Bernoulli}(p)}[\log \mathrm{Bernoulli}(x; \mathrm{sigmoid}(a))]$.", r"\log(1 + e^a) - p a"),
        Case(r"Find $\frac{d}{da} \mathrm{KL}(\mathrm{Bernoulli}(p) \,\|\, \mathrm{Bernoulli}(\mathrm{sigmoid}(a)))$.", r"\frac{e^a}{1 + e^a} - p",
             says=r"\mathrm{sigmoid}(a) - p"),
    ]),
    "a policy in its logits": ("Let $t, r \\in \\mathbb{R}^n$.\nDefine $J(t) = \\sum_{a=1}^n \\mathrm{softmax}(t)_a r_a$.\n", [
        Case(r"Show that $\nabla_t J(t) = \mathbb{E}_{a \sim \mathrm{Categorical}(\mathrm{softmax}(t))}[r_a \nabla_t \log \mathrm{softmax}(t)_a]$.", status="shown"),
        Case(r"Show that $\nabla_t J(t) = \mathbb{E}_{a \sim \mathrm{Categorical}(\mathrm{softmax}(t))}[\nabla_t \log \mathrm{softmax}(t)_a]$.", status="refuted"),
    ]),
    "a difference of values": ("Let $f : \\mathbb{R} \\to \\mathbb{R}$ be a function.\nLet $\\lambda > 0$.\n" + EXCHANGE, [
        Case(rf"Show that $\frac{{d}}{{d\lambda}} \mathbb{{E}}_{{x \sim {POISSON}}}[f(x)] = \mathbb{{E}}_{{x \sim {POISSON}}}[f(x + 1) - f(x)]$.", status="shown"),
        Case(rf"Show that $\frac{{d}}{{d\lambda}} \mathbb{{E}}_{{x \sim {POISSON}}}[f(x)] = \mathbb{{E}}_{{x \sim {POISSON}}}[f(x) - f(x + 1)]$.", status="refuted"),
        Case(rf"Is it true that $\mathbb{{E}}_{{x \sim {POISSON}}}[x f(x)] = \lambda \mathbb{{E}}_{{x \sim {POISSON}}}[f(x)]$?", status="refuted"),
    ]),
    "a difference of values, nothing assumed": ("Let $f : \\mathbb{R} \\to \\mathbb{R}$ be a function.\nLet $\\lambda > 0$.\n", [
        Case(rf"Show that $\frac{{d}}{{d\lambda}} \mathbb{{E}}_{{x \sim {POISSON}}}[f(x)] = \mathbb{{E}}_{{x \sim {POISSON}}}[f(x + 1) - f(x)]$.", status="shown", assumed=1),
    ]),
    "an exponential family": (FAMILY + "Let $A : \\mathbb{R} \\to \\mathbb{R}$ be twice differentiable.\n"
                              "Define $p_\\theta(x) = h(x) e^{\\theta T(x) - A(\\theta)}$.\n" + EXCHANGE, [
        Case(r"Show that $\mathbb{E}_{x \sim p_\theta}[T(x)] = \frac{d}{d\theta} A(\theta)$.", status="shown"),
        Case(r"Show that $\frac{d}{d\theta} \mathbb{E}_{x \sim p_\theta}[T(x)] = \mathbb{E}_{x \sim p_\theta}[T(x)^2] - \mathbb{E}_{x \sim p_\theta}[T(x)]^2$.",
             status="shown"),
        Case(r"Show that $\mathbb{E}_{x \sim p_\theta}[T(x)] = 2 \frac{d}{d\theta} A(\theta)$.", status="undecided"),
    ]),
    "both ways": ("Let $p_\\theta$ be a probability density on $\\mathbb{R}^n$, twice differentiable in $\\theta \\in \\mathbb{R}^P$.\n"
                  "Let $q_t$ be a probability density on $\\mathbb{R}$, twice differentiable in $t \\in \\mathbb{R}$.\n" + EXCHANGE, [
        Case(r"Show that $\mathbb{E}_{x \sim p_\theta}[\nabla_\theta^2 \log p_\theta(x)] = -\mathbb{E}_{x \sim p_\theta}[(\nabla_\theta \log p_\theta(x)) (\nabla_\theta \log p_\theta(x))^\top]$.",
             status="shown"),
        Case(r"Show that $\mathbb{E}_{x \sim q_t}[\frac{d^2}{dt^2} \log q_t(x)] = -\mathbb{E}_{x \sim q_t}[(\frac{d}{dt} \log q_t(x))^2]$.", status="shown"),
        Case(r"Is it true that $\mathbb{E}_{x \sim q_t}[\frac{d^2}{dt^2} \log q_t(x)] = \mathbb{E}_{x \sim q_t}[(\frac{d}{dt} \log q_t(x))^2]$?", status="refuted"),
    ]),
    "its normaliser": (FAMILY + "Define $A(\\theta) = \\log \\int h(x) e^{\\theta T(x)}\\,dx$.\nDefine $p_\\theta(x) = h(x) e^{\\theta T(x) - A(\\theta)}$.\n" + EXCHANGE, [
        Case(r"Show that $\frac{d}{d\theta} A(\theta) = \mathbb{E}_{x \sim p_\theta}[T(x)]$.", status="shown"),
        Case(r"Show that $\frac{d}{d\theta} A(\theta) = \mathbb{E}_{x \sim p_\theta}[T(x)^2]$.", status="undecided"),
    ]),
}  # fmt: skip
solved, test_answer = answers_of(PROBLEMS)


@pytest.mark.parametrize(("text", "words"), [
    (r"Let $\pi(a \mid s)$ be a probability mass function on $\{1, \ldots, n\}$.", "for one fixed value"),
    (r"Let $s, t \in \mathbb{R}^n$." "\n" r"Define $\pi(a \mid s) = \mathrm{softmax}(t)_a$.", "for one fixed value"),
    (r"Let $\pi$ be a probability mass function on $\{1, \ldots, n\}$." "\n\n" r"1. Find $\sum_{a=1}^n \pi(a \mid s)$.", "for one fixed value"),
    (r"Let $r \in \mathbb{R}^n$." "\n\n" r"1. Find $\mathbb{E}_{a \sim \pi(\cdot \mid s)}[r_a]$.", "by its name alone"),
])  # fmt: skip
def test_a_policy_given_a_state_is_answered_with_how_it_is_written_here(text: str, words: str):
    with pytest.raises(ReadError) as caught:
        read_problem(text + "\n")
    assert words in str(caught.value)
    assert caught.value.expected
