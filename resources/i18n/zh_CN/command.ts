<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>command</name>
    <message>
        <source>Command (/)</source>
        <translation>命令（/）</translation>
    </message>
    <message>
        <source>Command line</source>
        <translation>命令行</translation>
    </message>
    <message>
        <source>Sending…</source>
        <translation>正在发送…</translation>
    </message>
    <message>
        <source>nothing to complete</source>
        <translation>没有可补全的内容</translation>
    </message>
    <message>
        <source>verb, object — for example: assign 0309 R01 · Tab completes · ↑ recalls</source>
        <translation>动词 对象，例如：派 0309 抢险队1 · Tab 补全 · ↑ 历史</translation>
    </message>
    <message>
        <source>This can't be undone. Enter once more to do it, Esc to leave it.</source>
        <translation>此操作不可撤销。再按 Enter 执行，按 Esc 放弃。</translation>
    </message>
    <message>
        <source>Tab completes</source>
        <translation>Tab 补全</translation>
    </message>
    <message>
        <source>verbs: {list}</source>
        <translation>动词：{list}</translation>
    </message>
</context>
<context>
    <name>text</name>
    <message>
        <source>which incident? Select one or type the end of its number</source>
        <translation>哪一件？请先选中，或输入编号末几位</translation>
    </message>
    <message>
        <source>{verb} needs: {what}</source>
        <translation>{verb} 需要：{what}</translation>
    </message>
    <message>
        <source>into which incident? Type the end of its number</source>
        <translation>并入哪一件？请输入编号末几位</translation>
    </message>
    <message>
        <source>{verb} is not possible: {number} is in phase {phase}</source>
        <translation>不能{verb}：{number} 处于“{phase}”</translation>
    </message>
    <message>
        <source>your role may not: {verb}</source>
        <translation>您的角色不能：{verb}</translation>
    </message>
    <message>
        <source>what is "{words}"?</source>
        <translation>“{words}”是什么？</translation>
    </message>
    <message>
        <source>Enter: select {number} {kind}</source>
        <translation>Enter 选中 {number} {kind}</translation>
    </message>
    <message>
        <source>{count} incidents end in {number}: type more digits</source>
        <translation>有 {count} 件以 {number} 结尾：请多输几位</translation>
    </message>
    <message>
        <source>no force is called "{word}"</source>
        <translation>没有名为“{word}”的力量</translation>
    </message>
    <message>
        <source>Enter: {verb} {number} {kind} into {into}</source>
        <translation>Enter {verb} {number} {kind} → {into}</translation>
    </message>
    <message>
        <source>selected is {number}</source>
        <translation>当前选中的是 {number}</translation>
    </message>
    <message>
        <source>no open incident ends in {number}</source>
        <translation>没有以 {number} 结尾的在办事件</translation>
    </message>
    <message>
        <source>"{word}" is no verb; Tab shows what there is</source>
        <translation>“{word}”不是动词；按 Tab 查看可用命令</translation>
    </message>
    <message>
        <source>no single open incident ends in {number}</source>
        <translation>以 {number} 结尾的在办事件不是恰好一件</translation>
    </message>
    <message>
        <source>{count} forces fit "{word}": {names}</source>
        <translation>有 {count} 支力量符合“{word}”：{names}</translation>
    </message>
    <message>
        <source>Enter: {verb} {unit} → {number} {kind}</source>
        <translation>Enter {verb} {unit} → {number} {kind}</translation>
    </message>
    <message>
        <source>Enter: {verb} → {number} {kind}</source>
        <translation>Enter {verb} → {number} {kind}</translation>
    </message>
    <message>
        <source>{metres} m away</source>
        <translation>距 {metres} 米</translation>
    </message>
    <message>
        <source>{metres} m away, about {minutes} min</source>
        <translation>距 {metres} 米，约 {minutes} 分</translation>
    </message>
    <message>
        <source>what are you looking for? A number, a grid, a force, a camera, a place</source>
        <translation>要找什么？编号、网格、力量、视频或地点</translation>
    </message>
    <message>
        <source>one of: {choices}</source>
        <translation>可选：{choices}</translation>
    </message>
    <message>
        <source>no place on earth: longitude first, then latitude</source>
        <translation>地球上没有此处：先经度，后纬度</translation>
    </message>
    <message>
        <source>Enter: show {text} on the map</source>
        <translation>Enter 在地图上显示 {text}</translation>
    </message>
    <message>
        <source>Enter: look for {text}</source>
        <translation>Enter 查找 {text}</translation>
    </message>
    <message>
        <source>Enter: filter the queue by {text}</source>
        <translation>Enter 按 {text} 筛选队列</translation>
    </message>
    <message>
        <source>Enter: take a call</source>
        <translation>Enter 接报</translation>
    </message>
    <message>
        <source>Enter: hand the shift over</source>
        <translation>回车：交班</translation>
    </message>
    <message>
        <source>Enter: show who is on duty</source>
        <translation>回车：显示值班情况</translation>
    </message>
    <message>
        <source>Enter: write the situation map to a file</source>
        <translation>Enter 生成态势图文件</translation>
    </message>
    <message>
        <source>Enter: theme {text}</source>
        <translation>Enter 主题 {text}</translation>
    </message>
    <message>
        <source>Enter: language {text}</source>
        <translation>Enter 语言 {text}</translation>
    </message>
    <message>
        <source>Enter: mute or unmute the sounds</source>
        <translation>Enter 静音／恢复声音</translation>
    </message>
    <message>
        <source>Enter: show all commands and keys</source>
        <translation>Enter 显示全部命令与按键</translation>
    </message>
    <message>
        <source>Enter: blow the whistle for the selected incident</source>
        <translation>回车：为选中的事件吹哨</translation>
    </message>
    <message>
        <source>Enter: video board {text}</source>
        <translation>回车：视频墙 {text}</translation>
    </message>
    <message>
        <source>Enter: patrol {text}</source>
        <translation>回车：轮巡 {text}</translation>
    </message>
    <message>
        <source>Enter: layout {text}</source>
        <translation>回车：{text} 画面</translation>
    </message>
    <message>
        <source>Enter: put on the big wall: {text}</source>
        <translation>回车：投到大屏：{text}</translation>
    </message>
    <message>
        <source>Enter: snapshot of the camera into the incident</source>
        <translation>回车：摄像机截图存入事件</translation>
    </message>
    <message>
        <source>Enter: visitors' mode on or off</source>
        <translation>回车：参观模式开关</translation>
    </message>
</context>
</TS>
