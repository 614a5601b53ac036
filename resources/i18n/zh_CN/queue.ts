<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>queue</name>
    <message>
        <source>To accept</source>
        <translation>待受理</translation>
    </message>
    <message>
        <source>To assign</source>
        <translation>待分拨</translation>
    </message>
    <message>
        <source>To sign for</source>
        <translation>待签收</translation>
    </message>
    <message>
        <source>In hand</source>
        <translation>处置中</translation>
    </message>
    <message>
        <source>Returned</source>
        <translation>退回</translation>
    </message>
    <message>
        <source>To verify</source>
        <translation>待核查</translation>
    </message>
    <message>
        <source>Overdue</source>
        <translation>超期</translation>
    </message>
    <message>
        <source>Mine</source>
        <translation>我的</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Nothing waits to be accepted.</source>
        <translation>没有待受理的事件。</translation>
    </message>
    <message>
        <source>Nothing waits to be assigned.</source>
        <translation>没有待分拨的事件。</translation>
    </message>
    <message>
        <source>Every order is signed for.</source>
        <translation>所有派单均已签收。</translation>
    </message>
    <message>
        <source>Nobody is handling an incident now.</source>
        <translation>目前没有处置中的事件。</translation>
    </message>
    <message>
        <source>Nothing was returned.</source>
        <translation>没有退回的事件。</translation>
    </message>
    <message>
        <source>Nothing waits for verification.</source>
        <translation>没有待核查的事件。</translation>
    </message>
    <message>
        <source>Nothing is overdue.</source>
        <translation>没有超期的事件。</translation>
    </message>
    <message>
        <source>None of the open incidents is yours.</source>
        <translation>在办事件中没有您经手的。</translation>
    </message>
    <message>
        <source>No open incident. F2 takes a call.</source>
        <translation>没有在办事件。按 F2 接报。</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>网格</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Phase</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>Time left</source>
        <translation>时限</translation>
    </message>
    <message>
        <source>Handled by</source>
        <translation>承办单位</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>级别</translation>
    </message>
    <message>
        <source>not taken → level → time left</source>
        <translation>未受理→级别→剩余时间</translation>
    </message>
    <message>
        <source>{tab} (Ctrl+{number})</source>
        <translation>{tab}（Ctrl+{number}）</translation>
    </message>
    <message>
        <source>S</source>
        <translation>督</translation>
    </message>
    <message>
        <source>unsent</source>
        <translation>未发</translation>
    </message>
    <message>
        <source>overtaken</source>
        <translation>冲突</translation>
    </message>
    <message>
        <source>↑ {n} new (highest level {level}) — N shows them</source>
        <translation>↑ {n} 件新事件（最高 {level} 级）— 按 N 显示</translation>
    </message>
    <message>
        <source>The queue could not be read: {why} Nothing was lost; it is tried again when something changes.</source>
        <translation>队列无法读取：{why} 没有丢失任何内容；有变化时会自动重试。</translation>
    </message>
    <message>
        <source>Loading the queue…</source>
        <translation>正在载入队列…</translation>
    </message>
    <message>
        <source>No incident fits “{words}”. Esc clears the filter.</source>
        <translation>没有符合“{words}”的事件。按 Esc 清除筛选。</translation>
    </message>
    <message>
        <source>{tab}: {n}</source>
        <translation>{tab} {n} 件</translation>
    </message>
    <message>
        <source>rows {first}–{last}</source>
        <translation>第 {first}–{last} 件</translation>
    </message>
    <message>
        <source>filter: {words}</source>
        <translation>筛选 {words}</translation>
    </message>
    <message>
        <source>no filter</source>
        <translation>筛选 无</translation>
    </message>
    <message>
        <source>order: {order}</source>
        <translation>排序 {order}</translation>
    </message>
    <message>
        <source>order has changed — N sorts</source>
        <translation>顺序已变 — 按 N 重排</translation>
    </message>
    <message>
        <source>not fresh: {why}</source>
        <translation>未更新：{why}</translation>
    </message>
    <message>
        <source>Filter (F3): number, place, kind, grid, source, force, I–IV, initials</source>
        <translation>筛选（F3）：编号、地点、类型、网格、来源、力量、I–IV、拼音首字母</translation>
    </message>
    <message>
        <source>Filter of the queue</source>
        <translation>队列筛选</translation>
    </message>
    <message>
        <source>Queue of incidents</source>
        <translation>事件队列</translation>
    </message>
    <message>
        <source>{n} held in place</source>
        <translation>另 {n} 件已离开、暂留原位</translation>
    </message>
    <message>
        <source>P</source>
        <translation>转</translation>
    </message>
    <message>
        <source>Between centres</source>
        <translation>转办</translation>
    </message>
    <message>
        <source>Nothing is between centres.</source>
        <translation>没有跨中心转办的事件。</translation>
    </message>
</context>
<context>
    <name>text</name>
    <message>
        <source>{days} d</source>
        <translation>{days} 天</translation>
    </message>
    <message>
        <source>held</source>
        <translation>挂账</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>无时限</translation>
    </message>
    <message>
        <source>overdue {time}</source>
        <translation>超期 {time}</translation>
    </message>
    <message>
        <source>returned</source>
        <translation>退回</translation>
    </message>
    <message>
        <source>late {time}</source>
        <translation>超期 {time}</translation>
    </message>
</context>
</TS>
