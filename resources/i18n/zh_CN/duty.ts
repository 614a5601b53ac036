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
</context>
<context>
    <name>text</name>
    <message>
        <source>What the next shift must know</source>
        <translation>下一班须知</translation>
    </message>
</context>
</TS>
