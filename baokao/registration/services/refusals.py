"""What the services refuse with, in the words that people read."""

from baokao.core.verdict import Refused

OTHER_PASSPORT = Refused("record_bound", "该考生已由其他通行证账号报名，请使用“找回账号”或联系学校负责老师。")
OTHER_RECORD = Refused("passport_bound", "本通行证账号已绑定其他考生。", "请先返回首页查看已保存的报名信息。")
NO_SUBJECT = Refused("no_subject", "资格科目为无，无法继续报名，请联系学校负责老师。")
NO_AGREEMENT = Refused("no_agreement", "请先阅读并同意报名协议。", "返回首页，点击“开始报名”。")
GONE = Refused("record_gone", "学籍信息已变更，请重新查询。")
PAUSED = Refused("paused", "报考暂停，请稍后再试。已保存的信息不受影响。")
CLOSED = Refused("sitting_closed", "本考次已结束，仅供查看。", "如需报名，请先返回首页更换考次。")
UNBOUND = Refused("unbound", "报名信息不存在或已被删除，请重新查询并保存。")
ACCOUNT_ENDED = Refused("account_ended", "该通行证账号已注销，不能保存报名信息。", "请重新注册通行证。")
HAS_REGISTRATION = Refused(
    "has_registration", "该账号有报名信息，不能注销。", "没有已支付科目的，请先取消未支付的科目，再取消报名信息。"
)
# What a desk reads.
NO_REGISTRATION = Refused("no_registration", "该考生的报名信息不存在或已结束。", "请刷新后再试。")
NOTHING_TO_ENTER = Refused("nothing", "请至少选择一个尚未报考的科目。")
HAS_PAID = Refused(
    "has_paid", "该报名信息已有支付成功的科目，不能释放。", "请考生注册新通行证，并致电客服申请改绑（重新绑定）。"
)
BEING_PAID = Refused("being_paid", "占用方正在支付，暂时不能释放。", "请在支付有结果后再试。")
GROUP_HOLDS = Refused("group_holds", "该报名信息的科目已被集体缴费锁定。", "请先解除锁定。")
NO_PASSPORT = Refused("no_passport", "没有这个通行证账号。", "请考生先注册通行证，并核对其电子邮箱。", about="account")
SAME_PASSPORT = Refused("same_passport", "该账号就是占用报名信息的账号。", "请填写考生本人的账号。", about="account")
NO_PROOF = Refused("no_proof", "请上传证明材料。", "证件或学生证的照片、扫描件都可以。", about="proof")
NO_REASON = Refused("no_reason", "请填写释放原因。", about="reason")
