<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>duty</name>
    <message>
        <source>Duty leader</source>
        <translation>带班领导</translation>
    </message>
    <message>
        <source>Shift supervisor</source>
        <translation>值班长</translation>
    </message>
    <message>
        <source>Reading the roster</source>
        <translation>正在读取值班表</translation>
    </message>
    <message>
        <source>No roster for now: import one (main.py import roster FILE). Signing in works without.</source>
        <translation>当前无值班安排：请导入值班表（main.py import roster 文件）。没有值班表也可签到。</translation>
    </message>
    <message>
        <source>Your role is on no roster: others sign in here.</source>
        <translation>您的角色不参加值班，此处由值班人员签到。</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>签到</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>签退</translation>
    </message>
    <message>
        <source>Dispatcher</source>
        <translation>调度员</translation>
    </message>
    <message>
        <source>Verifier</source>
        <translation>核查员</translation>
    </message>
    <message>
        <source>Liaison</source>
        <translation>联络员</translation>
    </message>
    <message>
        <source>day shift</source>
        <translation>白班</translation>
    </message>
    <message>
        <source>night shift</source>
        <translation>夜班</translation>
    </message>
    <message>
        <source>early shift</source>
        <translation>早班</translation>
    </message>
    <message>
        <source>duty of the day</source>
        <translation>全天带班</translation>
    </message>
    <message>
        <source>evening shift</source>
        <translation>中班</translation>
    </message>
    <message>
        <source>late shift</source>
        <translation>晚班</translation>
    </message>
    <message>
        <source>{n} open</source>
        <translation>未结 {n}</translation>
    </message>
    <message>
        <source>{n} to accept</source>
        <translation>待受理 {n}</translation>
    </message>
    <message>
        <source>{n} to assign</source>
        <translation>待分拨 {n}</translation>
    </message>
    <message>
        <source>{n} to be signed for</source>
        <translation>待签收 {n}</translation>
    </message>
    <message>
        <source>{n} in hand</source>
        <translation>处置中 {n}</translation>
    </message>
    <message>
        <source>{n} returned</source>
        <translation>退回 {n}</translation>
    </message>
    <message>
        <source>{n} to verify</source>
        <translation>待核查 {n}</translation>
    </message>
    <message>
        <source>{n} overdue</source>
        <translation>超期 {n}</translation>
    </message>
    <message>
        <source>{n} supervised</source>
        <translation>督办 {n}</translation>
    </message>
    <message>
        <source>{n} on hold</source>
        <translation>挂账 {n}</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>What the next shift must know</source>
        <translation>下一班须知</translation>
    </message>
    <message>
        <source>Open now: {matters}</source>
        <translation>当前未结：{matters}</translation>
    </message>
    <message>
        <source>Open then: {matters}</source>
        <translation>交班时未结：{matters}</translation>
    </message>
    <message>
        <source>Hand over</source>
        <translation>交班</translation>
    </message>
    <message>
        <source>Hand over…</source>
        <translation>交班…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Hand the shift over</source>
        <translation>交班</translation>
    </message>
    <message>
        <source>{what} is missing.</source>
        <translation>缺少{what}。</translation>
    </message>
    <message>
        <source>Not done: {why}</source>
        <translation>未完成：{why}</translation>
    </message>
    <message>
        <source>On duty</source>
        <translation>值班</translation>
    </message>
    <message>
        <source>until {time}</source>
        <translation>至 {time}</translation>
    </message>
    <message>
        <source>signed in {post}</source>
        <translation>已签到 {post}</translation>
    </message>
    <message>
        <source>signed in {time}</source>
        <translation>{time} 签到</translation>
    </message>
    <message>
        <source>signed out {time}</source>
        <translation>{time} 签退</translation>
    </message>
    <message>
        <source>not signed in</source>
        <translation>未签到</translation>
    </message>
    <message>
        <source>{state} · not on the roster</source>
        <translation>{state} · 不在值班表</translation>
    </message>
    <message>
        <source>Handed over by {role} {name}, {time}</source>
        <translation>{role} {name} {time} 交班</translation>
    </message>
    <message>
        <source>not yet sent</source>
        <translation>尚未发送</translation>
    </message>
    <message>
        <source>Given back: {reason}</source>
        <translation>退回：{reason}</translation>
    </message>
    <message>
        <source>Open incidents that are named</source>
        <translation>列入的未结事件</translation>
    </message>
    <message>
        <source>Open incidents that are named (Space takes one out)</source>
        <translation>列入的未结事件（空格取消勾选）</translation>
    </message>
    <message>
        <source>No shift was handed over yet</source>
        <translation>还没有交接班记录</translation>
    </message>
    <message>
        <source>Hand-overs of the past</source>
        <translation>历次交接班</translation>
    </message>
    <message>
        <source>Back to the shift</source>
        <translation>返回当前班次</translation>
    </message>
    <message>
        <source>Write to a file…</source>
        <translation>导出文件…</translation>
    </message>
    <message>
        <source>The listed hand-overs as a page to be printed, in the documents' folder</source>
        <translation>把所列交接班导出为可打印网页，存入文档文件夹</translation>
    </message>
    <message>
        <source>No hand-over waits for your signature.</source>
        <translation>没有待您签字的交班。</translation>
    </message>
    <message>
        <source>As it stands above, {time}</source>
        <translation>以上面 {time} 的内容为准</translation>
    </message>
    <message>
        <source>Take the shift over from {name}</source>
        <translation>接 {name} 的班</translation>
    </message>
    <message>
        <source>Give the hand-over back to {name}</source>
        <translation>退回 {name}</translation>
    </message>
    <message>
        <source>Change the hand-over</source>
        <translation>修改交班记录</translation>
    </message>
    <message>
        <source>Change the hand-over…</source>
        <translation>修改交班记录…</translation>
    </message>
    <message>
        <source>Earlier…</source>
        <translation>历次交接班…</translation>
    </message>
    <message>
        <source>Your hand-over is not signed yet: you stay responsible until it is.</source>
        <translation>您的交班尚未签字，签字前仍由您负责。</translation>
    </message>
    <message>
        <source>{state} · waits to be relieved</source>
        <translation>{state} · 待接班</translation>
    </message>
    <message>
        <source>overdue</source>
        <translation>超期</translation>
    </message>
    <message>
        <source>Waits for the signature of the next shift: {name} stays responsible</source>
        <translation>待接班：下一班签字前由 {name} 负责</translation>
    </message>
    <message>
        <source>Given back: {name} stays responsible and answers it</source>
        <translation>已退回：仍由 {name} 负责，请其修改</translation>
    </message>
    <message>
        <source>Withdrawn</source>
        <translation>已撤回</translation>
    </message>
    <message>
        <source>Signed for by {name}, {time}</source>
        <translation>{name} 已于 {time} 签字接班</translation>
    </message>
    <message>
        <source>{time} changed by {name}</source>
        <translation>{time} {name} 修改</translation>
    </message>
    <message>
        <source>{time} written by {name}</source>
        <translation>{time} {name} 交班</translation>
    </message>
    <message>
        <source>{time} given back by {name}</source>
        <translation>{time} {name} 退回</translation>
    </message>
    <message>
        <source>{time} signed by {name}</source>
        <translation>{time} {name} 签字接班</translation>
    </message>
    <message>
        <source>{time} withdrawn by {name}</source>
        <translation>{time} {name} 撤回</translation>
    </message>
</context>
<context>
    <name>text</name>
    <message>
        <source>What the next shift must know</source>
        <translation>下一班须知</translation>
    </message>
    <message>
        <source>given back: {reason}</source>
        <translation>退回：{reason}</translation>
    </message>
    <message>
        <source>Your role is on no roster: others sign in.</source>
        <translation>您的角色不参加值班，由值班人员签到。</translation>
    </message>
    <message>
        <source>Nobody is on the roster now, and nobody has signed in.</source>
        <translation>当前无人值班，也无人签到。</translation>
    </message>
    <message>
        <source>not signed in</source>
        <translation>未签到</translation>
    </message>
    <message>
        <source>signed in</source>
        <translation>已签到</translation>
    </message>
    <message>
        <source>waits to be relieved</source>
        <translation>待接班</translation>
    </message>
    <message>
        <source>Which hand-over? Add its number, or the end of it: main.py duty list shows them all.</source>
        <translation>哪一份交班？请补上编号或编号末尾：main.py duty list 可列出全部。</translation>
    </message>
    <message>
        <source>No hand-over has a number that ends in "{number}". main.py duty list shows them all.</source>
        <translation>没有编号以“{number}”结尾的交班记录。main.py duty list 可列出全部。</translation>
    </message>
    <message>
        <source>{count} hand-overs have a number that ends in "{number}". main.py duty list shows them all.</source>
        <translation>编号以“{number}”结尾的交班记录有 {count} 份。main.py duty list 可列出全部。</translation>
    </message>
    <message>
        <source>who has the shift, signing in and out, and hand-overs that both sides sign</source>
        <translation>当前值班、签到签退、双方签字的交接班</translation>
    </message>
    <message>
        <source>the hand-over's number, or its end</source>
        <translation>交班记录的编号或其结尾</translation>
    </message>
    <message>
        <source>what the next shift must know; a reason; a remark</source>
        <translation>下一班须知；理由；备注</translation>
    </message>
    <message>
        <source>handover.waiting</source>
        <translation>待接班</translation>
    </message>
    <message>
        <source>handover.returned</source>
        <translation>已退回交班人</translation>
    </message>
    <message>
        <source>handover.signed</source>
        <translation>已接班</translation>
    </message>
    <message>
        <source>handover.withdrawn</source>
        <translation>已撤回</translation>
    </message>
    <message>
        <source>handover.one_sided</source>
        <translation>单方交班</translation>
    </message>
    <message>
        <source>Give it back</source>
        <translation>退回</translation>
    </message>
    <message>
        <source>Back to the outgoing person with what is missing or wrong.</source>
        <translation>退回交班人，并写明缺少或有误之处。</translation>
    </message>
    <message>
        <source>Change the hand-over</source>
        <translation>修改交班记录</translation>
    </message>
    <message>
        <source>Another text, with the counts of this instant; only this one can be signed then.</source>
        <translation>换成新的内容和此刻的统计；此后只能签这一份。</translation>
    </message>
    <message>
        <source>Sign for the shift</source>
        <translation>签字接班</translation>
    </message>
    <message>
        <source>The text as it was read; from now on the incoming person is responsible.</source>
        <translation>所签即所读内容；从此刻起由接班人负责。</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Withdraw the hand-over</source>
        <translation>撤回交班</translation>
    </message>
    <message>
        <source>The shift goes on with the same person.</source>
        <translation>仍由原值班人继续值班。</translation>
    </message>
    <message>
        <source>Hand the shift over</source>
        <translation>交班</translation>
    </message>
    <message>
        <source>What is open, what was told, and the counts of this instant; it waits for the next shift.</source>
        <translation>未结事项、须知和此刻的统计；等待下一班签字。</translation>
    </message>
    <message>
        <source>overdue</source>
        <translation>超期</translation>
    </message>
    <message>
        <source>{n} to assign</source>
        <translation>待分拨 {n}</translation>
    </message>
    <message>
        <source>{n} to accept</source>
        <translation>待受理 {n}</translation>
    </message>
    <message>
        <source>{n} open</source>
        <translation>未结 {n}</translation>
    </message>
    <message>
        <source>{n} in hand</source>
        <translation>处置中 {n}</translation>
    </message>
    <message>
        <source>{n} to be signed for</source>
        <translation>待签收 {n}</translation>
    </message>
    <message>
        <source>{n} to verify</source>
        <translation>待核查 {n}</translation>
    </message>
    <message>
        <source>{n} returned</source>
        <translation>退回 {n}</translation>
    </message>
    <message>
        <source>{n} on hold</source>
        <translation>挂账 {n}</translation>
    </message>
    <message>
        <source>{n} supervised</source>
        <translation>督办 {n}</translation>
    </message>
    <message>
        <source>{n} overdue</source>
        <translation>超期 {n}</translation>
    </message>
    <message>
        <source>signed by {name}</source>
        <translation>{name} 签字接班</translation>
    </message>
    <message>
        <source>changed by {name}</source>
        <translation>{name} 修改</translation>
    </message>
    <message>
        <source>written by {name}</source>
        <translation>{name} 交班</translation>
    </message>
    <message>
        <source>withdrawn by {name}</source>
        <translation>{name} 撤回</translation>
    </message>
    <message>
        <source>given back by {name}</source>
        <translation>{name} 退回</translation>
    </message>
    <message>
        <source>No shift was handed over yet.</source>
        <translation>还没有交接班记录。</translation>
    </message>
    <message>
        <source>Hand-overs of the shift</source>
        <translation>交接班记录</translation>
    </message>
    <message>
        <source>Written {time}</source>
        <translation>制表时间 {time}</translation>
    </message>
    <message>
        <source>Signed for by {name}, {time}</source>
        <translation>{name} 已于 {time} 签字接班</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Open then</source>
        <translation>交班时未结</translation>
    </message>
    <message>
        <source>the hand-over of {name}</source>
        <translation>{name} 的交班</translation>
    </message>
    <message>
        <source>Your hand-over is not signed yet: you stay responsible until it is. Withdraw it to sign out without one.</source>
        <translation>您的交班尚未签字，签字前仍由您负责。如不交班而签退，请先撤回。</translation>
    </message>
    <message>
        <source>Only {name} may do this: it is their hand-over.</source>
        <translation>这是 {name} 的交班记录，只能由本人操作。</translation>
    </message>
    <message>
        <source>Nobody signs for their own hand-over: the incoming person does.</source>
        <translation>不能为自己的交班签字，应由接班人签字。</translation>
    </message>
    <message>
        <source>Your role does not take over this post.</source>
        <translation>您的角色不能接此岗位的班。</translation>
    </message>
    <message>
        <source>Your last hand-over is not signed yet: change that one, or withdraw it.</source>
        <translation>您上一份交班尚未签字：请修改或撤回那一份。</translation>
    </message>
    <message>
        <source>There is no hand-over {id} on this seat.</source>
        <translation>本席位没有交班记录 {id}。</translation>
    </message>
    <message>
        <source>The text was changed since you read it: read it again.</source>
        <translation>您阅读之后内容已修改，请重新阅读。</translation>
    </message>
    <message>
        <source>Hand-over {number} written: {name}</source>
        <translation>交班 {number}：{name}</translation>
    </message>
    <message>
        <source>Hand-over changed: {name}</source>
        <translation>修改交班记录：{name}</translation>
    </message>
    <message>
        <source>Hand-over signed for: {name}</source>
        <translation>签字接班：{name}</translation>
    </message>
    <message>
        <source>Hand-over given back: {name}</source>
        <translation>退回交班：{name}</translation>
    </message>
    <message>
        <source>Hand-over withdrawn: {name}</source>
        <translation>撤回交班：{name}</translation>
    </message>
    <message>
        <source>Enter: take the shift over</source>
        <translation>回车：接班</translation>
    </message>
</context>
</TS>
