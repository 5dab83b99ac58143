"""What can be asked of people and of organisations: in lists, saved views and audiences."""

from crm.models.questions.question import EVERYBODY, Asker, Question, compiled, excludes
from crm.models.questions.vocabulary import Vocabulary, vocabulary_of

__all__ = [
    "EVERYBODY",
    "Asker",
    "Question",
    "Vocabulary",
    "compiled",
    "excludes",
    "vocabulary_of",
]
