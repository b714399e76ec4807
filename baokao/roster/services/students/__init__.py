"""One student by form (补录), and what a desk does with one record."""

from baokao.roster.services.students.looking import number_of, tell_looked_at
from baokao.roster.services.students.photographing import save_photo
from baokao.roster.services.students.removing import remove
from baokao.roster.services.students.restricting import restrict
from baokao.roster.services.students.saving import Saved, save

__all__ = ["Saved", "number_of", "remove", "restrict", "save", "save_photo", "tell_looked_at"]
