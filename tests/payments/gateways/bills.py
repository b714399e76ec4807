"""Alipay's daily bill for tests, made as the protocol's page has it."""

import io
import zipfile
from dataclasses import dataclass, replace
from decimal import Decimal

COLUMNS = [
    "支付宝交易号", "商户订单号", "业务类型", "商品名称", "创建时间", "完成时间", "门店编号", "门店名称",
    "操作员", "终端号", "对方账户", "订单金额（元）", "商家实收（元）", "支付宝红包（元）", "集分宝（元）",
    "支付宝优惠（元）", "商家优惠（元）", "券核销金额（元）", "券名称", "商家红包消费金额（元）",
    "卡消费金额（元）", "退款批次号/请求号", "服务费（元）", "分润（元）", "备注",
]  # fmt: skip


@dataclass(frozen=True)
class Row:
    number: str = "20261122A0001"
    kind: str = "交易"
    at: str = "2026-11-22 09:31:10"
    amount: str = "18.40"
    refund: str = ""
    fee: str = "-0.11"
    subject: str = "2026年下半年CET考试报名费，𠮷"
    trade: str = ""

    def cells(self) -> dict[str, str]:
        return {
            "支付宝交易号": f"{self.trade or f'T{self.number}'}\t",
            "商户订单号": f"{self.number}\t", "业务类型": self.kind,
            "商品名称": self.subject, "创建时间": self.at, "完成时间": self.at, "订单金额（元）": self.amount,
            "商家实收（元）": self.amount, "退款批次号/请求号": self.refund, "服务费（元）": self.fee,
        }  # fmt: skip


@dataclass(frozen=True)
class Bill:
    rows: tuple[Row, ...] = (
        Row(),
        Row(number="20261122A0002"),
        Row(number="20261122A0001", kind="退款", amount="-15.01", refund="20261122R0001", fee="0.09"),
    )
    account: str = "20880000000000990156"
    begins: str = "2026年11月22日 00:00:00"
    ends: str = "2026年11月23日 00:00:00"
    columns: tuple[str, ...] = tuple(COLUMNS)

    def total(self, kind: str) -> tuple[int, Decimal]:
        amounts = [Decimal(row.amount) for row in self.rows if row.kind == kind]
        return len(amounts), sum(amounts, Decimal("0.00"))

    def text(self) -> str:
        """The list of trades."""
        paid, back = self.total("交易"), self.total("退款")
        lines = [
            "#支付宝业务明细查询",
            f"#账号：[{self.account}]",
            f"#起始日期：[{self.begins}]   终止日期：[{self.ends}]",
            "#-----------------------------------------业务明细列表----------------------------------------",
            ",".join(self.columns),
            *(",".join(row.cells().get(column, "") for column in self.columns) for row in self.rows),
            "#-----------------------------------------业务明细列表结束------------------------------------",
            f"#交易合计：{paid[0]}笔，商家实收共{paid[1]}元，商家优惠共0.00元",
            f"#退款合计：{back[0]}笔，商家实收退款共{back[1]}元，商家优惠退款共0.00元",
            "#导出时间：[2026年11月23日 07:27:37]",
        ]
        return "\r\n".join(lines) + "\r\n"

    def with_row(self, **changes: str) -> "Bill":
        return replace(self, rows=(*self.rows, replace(self.rows[0], **changes)))


def packed(text: str | bytes) -> bytes:
    """The zip as Alipay makes it: the summary first, names in GBK without saying so."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as file:
        for kind, content in (
            ("业务明细(汇总)", "#支付宝业务汇总查询\r\n".encode("gb18030")),
            ("业务明细", text if isinstance(text, bytes) else text.encode("gb18030")),
        ):
            name = f"20880000000000990156_20261122_{kind}.csv"
            file.writestr(name.encode("gbk").decode("cp437"), content)
    return into.getvalue()
