"""What is typed and chosen at the imports: shapes only."""

from django import forms

from baokao.core.http.uploads import MEBIBYTE
from baokao.roster.models import RosterImport

ROSTER_AT_MOST = 64 * MEBIBYTE
PHOTOS_AT_MOST = 200 * MEBIBYTE
_MISSING = {"required": "请选择文件。", "empty": "文件是空的，请重新选择。", "invalid": "请选择文件。"}


class FileForm(forms.Form):
    """A file to import; the sitting is that which the page showed."""

    at_most = ROSTER_AT_MOST
    sitting = forms.CharField(widget=forms.HiddenInput)
    file = forms.FileField(label="文件", error_messages=_MISSING)

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > self.at_most:
            raise forms.ValidationError(f"文件过大（多于 {self.at_most // MEBIBYTE} MB），请分几个文件上传。")
        return file


class RosterForm(FileForm):
    """学籍文件, and what happens to who isn't in it."""

    mode = forms.ChoiceField(
        label="方式",
        choices=RosterImport.Mode.choices,
        initial=RosterImport.Mode.APPEND,
        error_messages={"required": "请选择方式。", "invalid_choice": "请选择方式。"},
    )


class PhotosForm(FileForm):
    """照片压缩包."""

    at_most = PHOTOS_AT_MOST


class ApplyForm(forms.Form):
    """Applying what was checked."""

    without_faulty = forms.BooleanField(required=False)
    removed = forms.IntegerField(required=False, min_value=0, max_value=10_000_000)
