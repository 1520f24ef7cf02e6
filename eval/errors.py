"""Here is what can go wrong while measuring; give me one name for each.

    EvaluationError
    ├── UnknownDataset    no data set has this name
    ├── MissingDataset    its files are not on this machine
    ├── BadDataset        its files are not what the format says
    ├── UseForbidden      a test set was asked for training or tuning
    ├── SystemFailed      the system under test gave no usable reply
    └── BadResult         a result file cannot be read or compared

Messages say what was found, what was expected and what to do.
"""


class EvaluationError(Exception):
    """Anything this room refuses; the message is one line for a person."""


class UnknownDataset(EvaluationError):
    """No data set has this name."""


class MissingDataset(EvaluationError):
    """The data set's files are not on this machine."""


class BadDataset(EvaluationError):
    """A file of the data set is not what its format says."""


class UseForbidden(EvaluationError):
    """The data set may not be used for this."""


class SystemFailed(EvaluationError):
    """The system under test gave no usable reply."""


class BadResult(EvaluationError):
    """A result file cannot be read, or two cannot be compared."""
