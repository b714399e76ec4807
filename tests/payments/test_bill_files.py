"""A bill that an operator brings as a file, and the commands by which differences are looked at and settled (D7)."""

import os
import subprocess
import sys

import pytest
from django.db import connection

from baokao.__main__ import main
from baokao.core import clock
from baokao.payments.models import Bill, BillLine, Difference, Settlement
from tests.cast import set_stage
from tests.payments.billing import DAY, MORNING, begin, compare, line, paid, paid_twice
from tests.site import environment_of

pytestmark = pytest.mark.django_db

COLUMNS = "number=商户订单号,amount=金额,at=支付时间,kind=类型,trade=流水号,fee=手续费"
HEADER = "类型,商户订单号,流水号,金额,手续费,支付时间"
TIME = f"{DAY} 12:00:00"


@pytest.fixture
def stage(bank):
    return set_stage()


@pytest.fixture
def upload(tmp_path, capsys):
    """`upload(rows, …)`: import a file of these rows, and what was said, with the exit code first."""

    def run(*rows, columns=COLUMNS, header=HEADER, encoding="gb18030", more=(), provider="alipay"):
        path = tmp_path / "bill.csv"
        path.write_bytes("\r\n".join([header, *rows, ""]).encode(encoding))
        with clock.travel(MORNING):
            code = main(["import", "bill", provider, str(DAY), str(path), "--columns", columns, *more])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


@pytest.fixture
def baokao(capsys):
    def run(*words):
        with clock.travel(MORNING):
            code = main(["bills", *words])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def listed():
    found = Difference.objects.filter(state="listed").order_by("kind")
    return list(found.values_list("kind", "number"))


def test_d7_a_file_is_compared_like_a_fetched_bill(stage, bank, upload):
    one, other, back = paid_twice(stage, bank)
    code, said = upload(
        f"支付,{one.number},T{one.number},¥0.01,0.00,{TIME}",
        f"支付,{other.number},T{other.number},0.01,,{DAY:%Y/%m/%d} 12:00",
        f"退款,{other.number},T{other.number},-0.01,,{DAY:%Y%m%d}120001",
    )
    assert (code, listed()) == (0, [])
    assert "对账单：3 行" in said
    assert "待处理差异 0 项" in said
    # The file bears no number of the refund: payment and amount told which it is.
    assert BillLine.objects.get(kind="refund").deed == back.id
    assert Bill.objects.get().source == "file bill.csv"


@pytest.mark.parametrize("bank", ["payease"], indirect=True)
def test_d7_a_file_of_payease_names_payments_by_its_orders(stage, bank, upload):
    """Its merchant pages write day, merchant and the rest of our number, and number its banks' flows besides."""
    one, other, _ = paid_twice(stage, bank)
    orders = [f"{attempt.number[:8]}-888-{attempt.number[8:]}" for attempt in (one, other)]
    Settlement.objects.filter(attempt=one).update(trade=orders[0])
    Settlement.objects.filter(attempt=other).update(trade=orders[1])
    code, _ = upload(
        f"支付,{orders[0]},B1,0.01,,{TIME}", f"支付,{orders[1]},B2,0.01,,{TIME}", f"退款,{orders[1]},B3,-0.01,,{TIME}",
        provider="payease",
    )  # fmt: skip
    assert (code, listed()) == (0, [])
    assert list(BillLine.objects.filter(kind="payment").values_list("number", flat=True)) == [one.number, other.number]


@pytest.mark.parametrize("bank", ["payease"], indirect=True)
def test_d7_what_is_no_order_of_payease_stays_as_it_is_told(stage, bank, upload):
    one = paid(stage, bank)
    upload(f"支付,{one.number},B1,0.01,,{TIME}", f"支付,2026-888,B2,0.01,,{TIME}", provider="payease")
    assert listed() == [("payment_unknown", "2026-888")]


def test_d7_without_a_column_for_the_kind_a_negative_amount_is_a_refund(stage, bank, upload):
    one, other, _ = paid_twice(stage, bank)
    rows = [
        f"{attempt.number},{amount},{TIME}" for attempt, amount in ((one, "0.01"), (other, "0.01"), (other, "-0.01"))
    ]
    code, _ = upload(*rows, columns="number=订单,amount=金额,at=时间", header="订单,金额,时间")
    assert (code, listed()) == (0, [])


def test_d7_words_for_the_kinds_can_be_named(stage, bank, upload):
    one = paid(stage, bank)
    code, _ = upload(f"成功,{one.number},,0.01,,{TIME}", f"分账,X,,0.01,,{TIME}", more=("--kinds", "成功=payment"))
    assert (code, listed()) == (0, [("other", "X")])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("支付,N1,T1,1e2,,{day} 12:00:00", "第 2 行，金额：应为金额（元，至多两位小数），不是“1e2”"),
        ("支付,N1,T1,,,{day} 12:00:00", "第 2 行，金额：未填写"),
        ("支付,N1,T1,0.001,,{day} 12:00:00", "不是“0.001”"),
        ("支付,N1,T1,0.01,x,{day} 12:00:00", "第 2 行，手续费"),
        ("支付,N1,T1,0.01,,2001-01-01 12:00:00", "2001-01-01 不是账单日期"),
        ("支付,N1,T1,0.01,,{day} 25:00:00", "应为日期和时间"),
        ("合计,,,0.01,,", "第 2 行，支付时间：未填写"),
    ],
)
def test_d7_a_file_with_a_fault_changes_nothing(stage, bank, upload, row, said):
    code, told = upload(row.format(day=DAY), f"支付,N2,T2,0.01,,{TIME}")
    assert code == 1
    assert said in told
    assert not Bill.objects.exists()


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ("number=商户订单号,amount=金额", "须指明 at 各是哪一列。"),
        (COLUMNS + ",payer=付款人", "未知的字段 payer"),
        (COLUMNS + ",refund", "“refund”须写成 名称=值。"),
        (COLUMNS + ",refund=退款号", "表头（第 1 行）中缺少的列：退款号"),
    ],
)
def test_d7_columns_that_make_no_sense_are_refused(stage, bank, upload, columns, said):
    code, told = upload(f"支付,N1,T1,0.01,,{TIME}", columns=columns)
    assert code == 1
    assert said in told


def test_d7_an_unknown_kind_is_refused(stage, bank, upload):
    code, told = upload(f"支付,N1,T1,0.01,,{TIME}", more=("--kinds", "支付=money"))
    assert (code, "未知的类型 money" in told) == (1, True)


def test_d7_a_dry_run_writes_nothing(stage, bank, upload):
    code, said = upload(f"支付,N1,T1,0.01,,{TIME}", more=("--dry-run",))
    assert (code, Bill.objects.exists()) == (0, False)
    assert "对账单：1 行" in said


def test_d7_differences_are_listed_and_settled_by_command(stage, bank, baokao):
    one = paid(stage, bank)
    compare(bank, line(begin(stage), number="NOBODYS0001"))
    code, said = baokao("differences")
    assert code == 1
    assert f"支付宝  本系统有收款，平台无  本系统 0.01，平台 无  订单 {one.number}" in said
    assert "平台有收款，本系统无  本系统 无，平台 0.01  订单 NOBODYS0001" in said
    for found in Difference.objects.all():
        code, said = baokao("settle", found.id.hex[:8], "--by", "张三", "--reason", "已核实")
        assert code == 0, said
    assert baokao("differences") == (0, "待处理差异 0 项。\n")
    assert "张三：已核实" in baokao("differences", "--all")[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ffff", "--by", "张三", "--reason", "x"), "没有这项待处理差异。"),
        (("", "--by", "张三", "--reason", "x"), "没有这项待处理差异。"),
        (("{id}", "--by", " ", "--reason", "x"), "须写明处理人"),
        (("{id}", "--by", "张三", "--reason", ""), "须写明处理人"),
    ],
)
def test_d7_settling_by_command_is_refused_in_a_sentence(stage, bank, baokao, words, said):
    paid(stage, bank)
    compare(bank)
    Difference.objects.update(id="01234567-0000-4000-8000-000000000000")
    code, told = baokao("settle", *(word.replace("{id}", "01234567") for word in words))
    assert code == 1
    assert said in told


def test_d7_bills_are_listed_and_fetched_by_command(stage, bank, baokao):
    bank.bills[DAY] = [line(paid(stage, bank))]
    code, said = baokao("fetch", "alipay", str(DAY))
    assert (code, said.splitlines()[0]) == (0, "已对账：1 行，待处理差异 0。")
    assert f"{DAY} 支付宝 已对账  收款 1 笔 0.01，退款 0 笔 0.00" in baokao("list")[1]
    bank.silent = True
    code, said = baokao("fetch", "alipay", str(DAY))
    assert (code, "本次未能下载：no answer" in said) == (1, True)
    assert baokao("fetch", "alipay", str(MORNING.date()))[0] == 1
    assert baokao("fetch", "payease", str(DAY)) == (1, "首信易支付未配置。\n")


@pytest.mark.django_db(transaction=True)
def test_the_worker_role_may_do_all_of_it(bank, tmp_path):
    one = paid(set_stage(), bank)
    path = tmp_path / "bill.csv"
    path.write_text(f"{HEADER}\n支付,{one.number},T,0.02,,{TIME}\n", encoding="utf-8")

    def as_worker(*words):
        environment = os.environ | environment_of("worker")
        ran = subprocess.run(
            [sys.executable, "-m", "baokao", *words],
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        return ran.stdout + ran.stderr

    for _ in range(2):
        assert "待处理差异 1 项" in as_worker("import", "bill", "alipay", str(DAY), str(path), "--columns", COLUMNS)
    shown = Difference.objects.get().id.hex[:8]
    assert "已处理" in as_worker("bills", "settle", shown, "--by", "张三", "--reason", "已核实")
    with connection.cursor() as cursor:
        cursor.execute("SELECT action, actor FROM core_audit WHERE action LIKE 'bill.%' ORDER BY at")
        assert cursor.fetchall() == [("bill.compared", "national")] * 2 + [("bill.difference_settled", "operator:张三")]
