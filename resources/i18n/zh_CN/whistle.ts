<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>text</name>
    <message>
        <source>an act outside the area of this seat</source>
        <translation>本席位辖区以外的处置</translation>
    </message>
    <message>
        <source>{number}: mine: {mine}; it stands: {stands} ({who}, {centre})</source>
        <translation>{number}：我的操作：{mine}；现行处置：{stands}（{who}，{centre}）</translation>
    </message>
    <message>
        <source>{count} whistles have a number that ends in {number}: give more of it.</source>
        <translation>有 {count} 条哨单的编号以 {number} 结尾：请多给几位。</translation>
    </message>
    <message>
        <source>Name the whistle by its number or the end of it. main.py whistle list shows them all.</source>
        <translation>请给出哨单编号或其末几位。全部哨单可用 main.py whistle list 查看。</translation>
    </message>
    <message>
        <source>There is no whistle whose number ends in {number}. main.py whistle list shows them all.</source>
        <translation>没有编号以 {number} 结尾的哨单。全部哨单可用 main.py whistle list 查看。</translation>
    </message>
    <message>
        <source>None of your acts upon {number} waits for an answer.</source>
        <translation>您对 {number} 的操作没有待答复的冲突。</translation>
    </message>
    <message>
        <source>whistles {open} open, {to_report} departments to report in, {late} late</source>
        <translation>吹哨 {open} 件在办，{to_report} 个部门待报到，{late} 个超时</translation>
    </message>
    <message>
        <source>departments called by a community: call, report in, answer, rate</source>
        <translation>基层吹哨、部门报到：吹哨、报到、办结、评价</translation>
    </message>
    <message>
        <source>the whistle's number, or its end</source>
        <translation>哨单编号，或其尾号</translation>
    </message>
    <message>
        <source>what it is about, for blow</source>
        <translation>吹哨事由（blow）</translation>
    </message>
    <message>
        <source>a department, by id or name</source>
        <translation>部门，编号或名称</translation>
    </message>
    <message>
        <source>the incident it is about</source>
        <translation>关联事件</translation>
    </message>
    <message>
        <source>own acts that another one overtook: list, take over, keep</source>
        <translation>被他人抢先的本人操作：列出、接办、认可</translation>
    </message>
    <message>
        <source>the incident's number, or its end</source>
        <translation>事件编号，或其尾号</translation>
    </message>
    <message>
        <source>There is no whistle {id} on this seat.</source>
        <translation>本席位没有哨单 {id}。</translation>
    </message>
    <message>
        <source>{unit} was called already.</source>
        <translation>{unit}已在被哨部门之列。</translation>
    </message>
    <message>
        <source>{unit} was not called.</source>
        <translation>{unit}不在被哨部门之列。</translation>
    </message>
    <message>
        <source>Not possible any more: {phase}.</source>
        <translation>已不可办理：{phase}。</translation>
    </message>
    <message>
        <source>Another department was called, not yours.</source>
        <translation>被哨的是其他部门。</translation>
    </message>
    <message>
        <source>No department rates itself.</source>
        <translation>部门不得评价自己。</translation>
    </message>
    <message>
        <source>{unit} has given no result yet.</source>
        <translation>{unit}尚未办结。</translation>
    </message>
    <message>
        <source>{unit} has not reported in yet.</source>
        <translation>{unit}尚未报到。</translation>
    </message>
    <message>
        <source>report in by {due} because {rule}: {amount}, {calendar}</source>
        <translation>应于 {due} 前报到，依据{rule}：{amount}，{calendar}</translation>
    </message>
    <message>
        <source>result by {due} because {rule}: {amount}, {calendar}</source>
        <translation>应于 {due} 前办结，依据{rule}：{amount}，{calendar}</translation>
    </message>
    <message>
        <source>This area lies outside your own.</source>
        <translation>该区域不在您的辖区内。</translation>
    </message>
    <message>
        <source>Blow the whistle</source>
        <translation>吹哨</translation>
    </message>
    <message>
        <source>Matter</source>
        <translation>事由</translation>
    </message>
    <message>
        <source>Departments</source>
        <translation>部门</translation>
    </message>
    <message>
        <source>Call one or several departments for a matter that the community cannot settle alone.</source>
        <translation>社区无力单独解决的事项，呼叫一个或多个部门到场。</translation>
    </message>
    <message>
        <source>Call one more</source>
        <translation>增哨部门</translation>
    </message>
    <message>
        <source>Department</source>
        <translation>部门</translation>
    </message>
    <message>
        <source>Report in</source>
        <translation>报到</translation>
    </message>
    <message>
        <source>Who came</source>
        <translation>到场人员</translation>
    </message>
    <message>
        <source>The department is there; the time counts.</source>
        <translation>部门已到场，计时。</translation>
    </message>
    <message>
        <source>Give the result</source>
        <translation>办结</translation>
    </message>
    <message>
        <source>Rate the department</source>
        <translation>评价部门</translation>
    </message>
    <message>
        <source>The community's own judgement; with both times it makes the score.</source>
        <translation>由社区评价，与两项时限一并计分。</translation>
    </message>
    <message>
        <source>Withdraw the whistle</source>
        <translation>撤哨</translation>
    </message>
    <message>
        <source>whistle.blown</source>
        <translation>待部门处置</translation>
    </message>
    <message>
        <source>whistle.answered</source>
        <translation>待评价</translation>
    </message>
    <message>
        <source>whistle.rated</source>
        <translation>已评价</translation>
    </message>
    <message>
        <source>whistle.withdrawn</source>
        <translation>已撤哨</translation>
    </message>
    <message>
        <source>whistle_call.called</source>
        <translation>待报到</translation>
    </message>
    <message>
        <source>whistle_call.reported_in</source>
        <translation>已报到</translation>
    </message>
    <message>
        <source>whistle_call.done</source>
        <translation>已办结</translation>
    </message>
    <message>
        <source>whistle_call.scored</source>
        <translation>已评价</translation>
    </message>
</context>
<context>
    <name>whistle</name>
    <message>
        <source>{label} (may be left out)</source>
        <translation>{label}（可不填）</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>提交</translation>
    </message>
    <message>
        <source>Department: name or pinyin initials</source>
        <translation>部门：名称或拼音首字母</translation>
    </message>
    <message>
        <source>{what} is missing.</source>
        <translation>缺少：{what}。</translation>
    </message>
    <message>
        <source>Take out {name}</source>
        <translation>移除{name}</translation>
    </message>
    <message>
        <source>late {age}</source>
        <translation>超时 {age}</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>不设时限</translation>
    </message>
    <message>
        <source>overdue {age}</source>
        <translation>已超时 {age}</translation>
    </message>
    <message>
        <source>{age} left</source>
        <translation>剩余 {age}</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>办结</translation>
    </message>
    <message>
        <source>Reported in</source>
        <translation>报到</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Department</source>
        <translation>部门</translation>
    </message>
    <message>
        <source>Matter</source>
        <translation>事由</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>得分</translation>
    </message>
    <message>
        <source>withdrawn</source>
        <translation>已撤哨</translation>
    </message>
    <message>
        <source>{n} open · {called} to report in · {late} late</source>
        <translation>在办 {n} · 待报到 {called} · 超时 {late}</translation>
    </message>
    <message>
        <source>No whistle yet. A community calls departments when a matter is beyond it: "Blow the whistle".</source>
        <translation>暂无哨单。社区无力单独解决的事项，点“吹哨”呼叫部门。</translation>
    </message>
    <message>
        <source>Not read: {why}</source>
        <translation>未能读取：{why}</translation>
    </message>
    <message>
        <source>About incident {number}</source>
        <translation>关联事件 {number}</translation>
    </message>
    <message>
        <source>Not done: {why}</source>
        <translation>未办理：{why}</translation>
    </message>
    <message>
        <source>Incident {number} (double click shows it)</source>
        <translation>关联事件 {number}（双击查看）</translation>
    </message>
    <message>
        <source>Who came: {who}</source>
        <translation>到场人员：{who}</translation>
    </message>
    <message>
        <source>Result: {text}</source>
        <translation>办理结果：{text}</translation>
    </message>
    <message>
        <source>Score: {score}</source>
        <translation>得分：{score}</translation>
    </message>
    <message>
        <source>Whistles</source>
        <translation>吹哨报到</translation>
    </message>
    <message>
        <source>Blow the whistle</source>
        <translation>吹哨</translation>
    </message>
    <message>
        <source>{act}: {why}</source>
        <translation>{act}：{why}</translation>
    </message>
</context>
</TS>
