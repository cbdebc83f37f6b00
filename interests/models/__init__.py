from interests.models.count import FromInterest, InterestCount
from interests.models.interest import Interest, InterestQuerySet
from interests.models.step import HandOver, InterestAnswer

__all__ = [
    "FromInterest",
    "HandOver",
    "Interest",
    "InterestAnswer",
    "InterestCount",
    "InterestQuerySet",
]
