"""A made-up person at the real site: every flow, form by form, and all that a proxy could see is written down."""

import urllib.request
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from baokao.core import clock
from baokao.passport import links
from baokao.passport.links import Purpose
from baokao.passport.models import Passport
from tests.bench.client import Visitor
from tests.privacy.people import Person

CAMPUS = "993010"


@dataclass
class Watched(Visitor):
    """A visitor whose addresses and cookies are kept, and the headers by which answers may be kept."""

    addresses: list[str] = field(default_factory=list)
    set_cookies: list[str] = field(default_factory=list)
    caching: list[tuple[str, str, str]] = field(default_factory=list)

    def fill(self, path: str, **form: str | list[str]) -> None:
        """Open a page and submit its form, with the captcha where there is one."""
        self._submit(path, form)
        assert self.status == 302 or path in ("/retrieve/",), f"{path} was refused: {self.words()}"

    def stumble(self, path: str, says: str, **form: str | list[str]) -> None:
        """The same with something wrong in it, which the page says."""
        self._submit(path, form)
        assert self.status == 200, path
        assert says in self.page, f"{path} says {self.words()}"

    def _submit(self, path: str, form: dict[str, str | list[str]]) -> None:
        self.get(path)
        for name in ("captcha_token", "sitting"):
            if f'name="{name}"' in self.page:
                form[name] = self.hidden(name)
        self.post(path, **(form | ({"captcha": "8888"} if "captcha_token" in form else {})))

    def move_to(self, url: str) -> None:
        """Go on at another server of the same site, with the same cookies."""
        if url != self.url:
            self.close()
            self.url = url
            self.__post_init__()

    def words(self) -> str:
        """What a page that refuses says."""
        return " ".join(part for part in self.page.split("\n") if 'class="bad' in part or "note" in part)[:600]

    def _send(self, method: str, path: str, body: str | None) -> None:
        super()._send(method, path, body)
        self.addresses += [path, self.headers.get("location", "")]
        self.set_cookies += [f"{name}={value}" for name, value in self.cookies.items()]
        self.caching.append((path, self.headers.get("cache-control", ""), self.headers.get("etag", "")))


def walk(person: Person, visitor: Watched, desk, *, stays: bool) -> Watched:
    """All flows of one person. Who stays pays, and forgets password and account; who doesn't cancels and closes."""
    password = _come_in(person, visitor)
    visitor.fill("/my/agreement/", agree="on", version="1")
    visitor.stumble("/my/eligibility/", "未查到学籍信息", id_type="1", id_number=person.number, name=f"{person.name}误")
    visitor.fill("/my/eligibility/", id_type="1", id_number=person.number, name=person.name)
    visitor.get("/my/confirm/?found=1")
    assert person.number in visitor.page
    visitor.post("/my/confirm/", sure="on", record=visitor.hidden("record"), sitting=visitor.hidden("sitting"))
    visitor.fill("/my/written/", subject=["1"])
    visitor.fill("/my/speaking/", subject=["F"], **{"campus-F": CAMPUS})
    visitor.get("/my/registration/")
    if stays:
        _pay(visitor, desk)
        password = _forget(person, visitor)
        visitor.fill("/retrieve/", id_type="1", id_number=person.number, name=person.name)
        assert person.email in visitor.page
    else:
        visitor.fill("/my/written/", along=["F"])
        visitor.fill("/my/cancel/")
        visitor.fill("/passport/close/", current=password)
    return visitor


def _come_in(person: Person, visitor: Watched) -> str:
    """Register, sign in, verify, change everything that an account says, and the password; the password then. Not
    without registering twice, which the database itself refuses, and mistyping the password."""
    told = {"email": person.email, "mobile": person.mobile, "id_type": "1", "id_number": person.number}
    words = {"password": person.password, "password2": person.password, "privacy": "on"}
    visitor.fill("/passport/register/", **told, name=person.name, **words)
    visitor.stumble("/passport/register/", person.email, **told, name=person.name, **words)
    visitor.stumble("/login/", "错误", account=person.email, password=person.password[::-1])
    _sign_in(person, visitor, person.password)
    path = f"/passport/verify/{_token(Purpose.VERIFY, person)}/"
    visitor.get(path)
    visitor.post(path)
    visitor.get("/passport/")
    visitor.fill("/passport/edit/", **(told | {"mobile": person.mobile[::-1].replace("0", "1")}), name=person.name)
    visitor.fill("/passport/edit/", **told, name=person.name)
    for email in (f"also.{person.email}", person.email):
        visitor.fill("/passport/edit/", **(told | {"email": email}), name=person.name, current=person.password)
    new = f"{person.password} new"
    visitor.fill("/passport/password/", current=person.password, password=new, password2=new)
    return new


def _sign_in(person: Person, visitor: Watched, password: str) -> None:
    visitor.fill("/login/", account=person.email, password=password)


def _pay(visitor: Watched, desk) -> None:
    """Off to the sandbox's provider, where the payer pays at once."""
    visitor.get("/my/pay/")
    visitor.post("/my/pay/", step="go", way="alipay", subject=["1", "F"])
    away = visitor.headers["location"]
    with urllib.request.urlopen(away, timeout=20) as cashier:
        token = urlsplit(cashier.url).path.split("/")[-2]
    desk.log_in(token, clock.now())
    desk.pay(token, clock.now())
    visitor.addresses.append(desk.way_back(token, clock.now()))
    visitor.get("/my/pay/result/")


def _forget(person: Person, visitor: Watched) -> str:
    """Ask for the mail, follow its link, set another password, sign in with it; the password then."""
    visitor.fill("/passport/recover/", email=person.email)
    path = f"/passport/reset/{_token(Purpose.RESET, person)}/"
    new = f"{person.password} newer"
    visitor.fill(path, email=person.email, password=new, password2=new)
    _sign_in(person, visitor, new)
    return new


def _token(purpose: Purpose, person: Person) -> str:
    """The link's end, as the mail has it."""
    return links.token(purpose, Passport.objects.get(account=person.email), clock.now())
