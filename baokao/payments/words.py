"""The words in which pages and mails say where money is."""

from baokao.payments.rules import Back

BACK: dict[str, str] = {
    Back.TWICE: "该科目已经支付，多付的款项全额退回",
    Back.FULL: "支付到账时科目已超时删除且已报满",
    Back.NOT_ALLOWED: "支付到账时科目已超时删除且不再符合报考条件",
    Back.NO_WRITTEN: "口试须有已支付的同级别笔试",
    Back.NO_REGISTRATION: "支付到账时报名信息已不存在",
}
