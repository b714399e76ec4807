"""The words in which pages and mails say where money is."""

from baokao.payments.group_rules import Skip
from baokao.payments.rules import Back

BACK: dict[str, str] = {
    Back.TWICE: "该科目已经支付，多付的款项全额退回",
    Back.FULL: "支付到账时科目已超时删除且已报满",
    Back.NOT_ALLOWED: "支付到账时科目已超时删除且不再符合报考条件",
    Back.NO_WRITTEN: "口试须有已支付的同级别笔试",
    Back.NO_REGISTRATION: "支付到账时报名信息已不存在",
}
# Why an entry isn't held by a group payment (rule D8).
SKIPS: dict[str, str] = {
    Skip.GONE: "科目已取消或已过期",
    Skip.PAID: "已支付",
    Skip.BEING_PAID: "考生正在支付",
    Skip.OTHER_GROUP: "已被其他集体缴费锁定",
    Skip.OVER: "已超过支付时间",
    Skip.RESTRICTED: "已被限制报考",
    Skip.NO_WRITTEN: "口试须与同级别笔试一起缴费",
}
