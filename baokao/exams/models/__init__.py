"""The exam's own tables: what is offered where, when and to whom, and the words around it."""

from baokao.exams.models.calendar import Agreement, Sitting, SittingSubject, Subject
from baokao.exams.models.content import Instructions, News, Notice, Page
from baokao.exams.models.offerings import Freeze, Offering, SubjectCampus, WindowPiece
from baokao.exams.models.places import Campus, Contact, Province, School

__all__ = [
    "Agreement", "Campus", "Contact", "Freeze", "Instructions", "News", "Notice", "Offering", "Page", "Province",
    "School", "Sitting", "SittingSubject", "Subject", "SubjectCampus", "WindowPiece",
]  # fmt: skip
