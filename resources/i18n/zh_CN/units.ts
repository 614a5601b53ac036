<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>units</name>
    <message>
        <source>Forces can't be read: {why} What is shown is as it was.</source>
        <translation>读不到力量：{why} 显示的是之前的内容。</translation>
    </message>
    <message>
        <source>Sending {name} to {number}…</source>
        <translation>正在把 {name} 派往 {number}…</translation>
    </message>
    <message>
        <source>all {n}</source>
        <translation>全部 {n}</translation>
    </message>
    <message>
        <source>Loading forces…</source>
        <translation>正在读取力量…</translation>
    </message>
    <message>
        <source>No forces yet. Import units, or start the demo.</source>
        <translation>还没有力量。请导入力量，或启动演示。</translation>
    </message>
    <message>
        <source>No force passes these filters.</source>
        <translation>没有符合筛选条件的力量。</translation>
    </message>
    <message>
        <source>{shown} of {total} shown</source>
        <translation>显示 {shown} / {total}</translation>
    </message>
    <message>
        <source>Forces</source>
        <translation>力量</translation>
    </message>
    <message>
        <source>Name, team, pinyin initials</source>
        <translation>名称、队伍、拼音首字母</translation>
    </message>
    <message>
        <source>All kinds</source>
        <translation>全部类型</translation>
    </message>
    <message>
        <source>All teams</source>
        <translation>全部队伍</translation>
    </message>
    <message>
        <source>All areas</source>
        <translation>全部区域</translation>
    </message>
    <message>
        <source>Select an incident first: Enter gives this force to it.</source>
        <translation>请先选中事件，再按回车把该力量派给它。</translation>
    </message>
    <message>
        <source>{name} has the order for {number}.</source>
        <translation>{name} 已接到 {number} 的派单。</translation>
    </message>
    <message>
        <source>{name} was not sent: {why}</source>
        <translation>未能派出 {name}：{why}</translation>
    </message>
    <message>
        <source>{n} more pass these filters now: show them</source>
        <translation>另有 {n} 支符合筛选：点此显示</translation>
    </message>
    <message>
        <source>no incident selected</source>
        <translation>未选中事件</translation>
    </message>
    <message>
        <source>Enter: assign to {number}</source>
        <translation>回车：派往 {number}</translation>
    </message>
    <message>
        <source>on duty</source>
        <translation>在岗</translation>
    </message>
    <message>
        <source>off duty</source>
        <translation>离岗</translation>
    </message>
    <message>
        <source>? no position</source>
        <translation>？无位置</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Force</source>
        <translation>力量</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Team</source>
        <translation>队伍</translation>
    </message>
    <message>
        <source>Incident</source>
        <translation>当前事件</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>手头</translation>
    </message>
    <message>
        <source>Position</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Skills</source>
        <translation>技能</translation>
    </message>
    <message>
        <source>Duty</source>
        <translation>在岗</translation>
    </message>
    <message>
        <source>free</source>
        <translation>空闲</translation>
    </message>
    <message>
        <source>going</source>
        <translation>途中</translation>
    </message>
    <message>
        <source>on scene</source>
        <translation>到场</translation>
    </message>
    <message>
        <source>off</source>
        <translation>离岗</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
</context>
</TS>
