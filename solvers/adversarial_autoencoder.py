"""What the adversarial loss of an autoencoder sees of its codes, with and without labels.

The prior is a mixture whose components ("modes") lie far apart. A code then is the mode that it falls into, and an
encoder is a matrix q (classes, modes): row by row the distribution of the codes of one class. Divergences are in nats.
"""

import numpy as np

from solvers.arrays import array
from solvers.derivation import derivation
from solvers.exact import elements
from solvers.functions import ln


@derivation
def aggregated_posterior(shares, q, prior):
    """The codes of all classes together, and what the discriminator can tell (Makhzani et al. 2016, section 2).

    `shares` (K,) of the classes in the data, `q` (K, M) the encoder, `prior` (M,) weights of the modes. Returns the
    aggregated posterior, its divergence from the prior, and what a code tells of the class.
    """
    q_z = shares @ q  # weights of the modes in the aggregated posterior
    JSD = js_divergence(q_z, prior)  # all that the adversarial loss can measure; the class does not enter
    info = mutual_information(shares, q)  # 0 when the code tells nothing of the class, ln K when it tells all
    return q_z, JSD, info


@derivation
def one_mode_per_class(counts, modes):
    """How many records have to leave the mode of their class when modes of equal weight are to be filled.

    `counts` (K,): records of each class; `modes`: number of modes of equal weight, K. Returns the share of all records
    that cannot lie in the mode of its own class when the prior is matched.
    """
    n = sum(counts)
    each = n / modes  # records that fit into a mode of the prior
    off = abs(counts - each)  # what each class has too much or too little
    moved = sum(off) / (2 * n)  # what some have too much, others have too little
    return moved


@derivation
def rare_category(share, modes, samples):
    """A category that is rare in the data, with and without a mode of its own.

    `share` of the data, `modes` of equal weight, `samples` drawn from the prior and decoded. Returns the part of a mode
    that it can fill without labels, the expected numbers of samples that show it, and the divergence when its codes lie
    in other modes than its own.
    """
    weight = 1 / modes  # of every mode in the prior, whatever it stands for
    inside = share / weight  # without labels: its part of a mode, even if one mode holds all of it
    n_shared = samples * share  # without labels: expected samples that show it
    n_own = samples * weight  # with a mode of its own: expected samples that show it
    cost = share * ln(2)  # with labels: the JSD when its codes and the samples of its mode never meet
    return inside, n_shared, n_own, cost


@derivation
def labelled_codes(shares, q, target):
    """What a discriminator can tell that reads the label beside the code (Makhzani et al. 2016, section 2.3).

    `shares` (K,) of the classes, `q` (K, K) the encoder, `target` (K, K) the mode that the prior gives each label.
    Returns the divergence of label and code together.
    """
    P = joint(shares, target)  # prior: a label, and a code from the mode of that label
    Q = joint(shares, q)  # data: the label of a record, and its code
    JSD = js_divergence(P, Q)  # of label and code together
    return JSD


@derivation
def partly_labelled(labelled, JSD_labels, JSD_codes):
    """The divergence when only some records have a label and the others get an extra class "unlabelled".

    `labelled` share, number or (n,); `JSD_labels`, `JSD_codes` divergence of labelled and of unlabelled records. The
    extra entry tells both kinds apart on both sides, so the two divergences are averaged. Returns the average.
    """
    JSD = labelled * JSD_labels + (1 - labelled) * JSD_codes
    return JSD


def joint(shares, q):
    """Class and mode together: row k of the encoder times the share of class k, (K, M)."""
    return np.array(shares, dtype=object).reshape(-1, 1) * np.array(q, dtype=object)


def js_divergence(P, Q):
    """Jensen–Shannon divergence of two distributions in nats; matrices are joint distributions. 0 log 0 = 0."""
    pairs = list(zip(elements(P), elements(Q)))
    terms = [p * ln(2 * p / (p + q)) for p, q in pairs if p > 0] + [q * ln(2 * q / (p + q)) for p, q in pairs if q > 0]
    return sum(terms) / 2 if any(terms) else 0


def mutual_information(shares, q):
    """What a code tells of the class, in nats (Cover & Thomas 2006, eq. 2.28). `shares` (K,), `q` (K, M)."""
    both = joint(shares, q)
    total = both.sum(axis=0)
    cells = [(p, share * column) for row, share in zip(both, shares) for p, column in zip(row, total)]
    terms = [p * ln(p / product) for p, product in cells if p > 0]
    return sum(terms) if any(terms) else 0


def modes_used(q):
    """How many modes each class uses, (K,)."""
    return array([sum(1 for cell in row if cell > 0) for row in q])


def classes_held(q):
    """How many classes each mode holds, (M,)."""
    return modes_used(np.array(q, dtype=object).T)


def made_codes(q, per_class, sd, seed):
    """Made-up codes in two dimensions for a drawing: the modes stand on the unit circle, each a round Gaussian.

    `q` (K, M) the encoder, `per_class` codes per class, `sd` standard deviation of a mode. Returns (K, 2, per_class).
    """
    rng = np.random.default_rng(seed)
    q = np.array(q, dtype=float)
    angles = 2 * np.pi * np.array([rng.choice(q.shape[1], size=per_class, p=row) for row in q]) / q.shape[1]
    centres = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return centres + rng.normal(scale=float(sd), size=centres.shape)
