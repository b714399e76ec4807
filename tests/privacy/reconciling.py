"""The scenarios of test_every_action.py about the providers' bills."""

from baokao.payments import services
from baokao.payments.bills.uploads import Columns
from baokao.payments.models import Difference
from tests.payments.billing import DAY, MORNING, compare, line, paid
from tests.payments.test_bill_files import COLUMNS, HEADER
from tests.privacy.house import leaves


@leaves("bill.compared")
def bill_fetched(house):
    house.bank.bills[DAY] = [line(paid(house.stage, house.bank))]
    bill = services.bill_of("alipay", DAY)
    yield
    services.fetch_bill(bill.id, MORNING)


@leaves("bill.compared")
def bill_imported(house):
    path = house.folder / "bill.csv"
    path.write_text(f"{HEADER}\n支付,NOBODYS1,,0.01,,{DAY} 12:00:00\n", encoding="utf-8")
    columns = Columns.of(COLUMNS)
    yield
    services.import_bill(
        path, provider="alipay", day=DAY, columns=columns, actor="national", dry_run=False, now=MORNING,
        progress=lambda *_: None,
    )  # fmt: skip


@leaves("bill.difference_settled")
def difference_settled(house):
    paid(house.stage, house.bank)
    compare(house.bank)
    yield
    services.settle_difference(Difference.objects.get().id, "张三", "已核实", MORNING)
