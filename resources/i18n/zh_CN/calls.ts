<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>calls</name>
    <message>
        <source>{n} min ago</source>
        <translation>{n} 分前</translation>
    </message>
    <message>
        <source>same kind</source>
        <translation>同类</translation>
    </message>
    <message>
        <source>other kind</source>
        <translation>不同类</translation>
    </message>
    <message>
        <source>Perhaps reported already: {n}</source>
        <translation>可能已有上报：{n}</translation>
    </message>
    <message>
        <source>Merge into this  Alt+{n}</source>
        <translation>并入此件  Alt+{n}</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>级别</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>Find place</source>
        <translation>查地点</translation>
    </message>
    <message>
        <source>Point</source>
        <translation>坐标</translation>
    </message>
    <message>
        <source>What</source>
        <translation>情况</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>Phone</source>
        <translation>电话</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Finds the point; their words stay</source>
        <translation>只用来定点，反映人原话不改</translation>
    </message>
    <message>
        <source>{what}: {problem}</source>
        <translation>{what}：{problem}</translation>
    </message>
    <message>
        <source>{what} is needed</source>
        <translation>请填写{what}</translation>
    </message>
    <message>
        <source>ringing {ringing} · talking {talking} · drafts {drafts} · to call back {back}</source>
        <translation>振铃 {ringing} · 通话 {talking} · 草稿 {drafts} · 待回拨 {back}</translation>
    </message>
    <message>
        <source>Shift+Enter: new line</source>
        <translation>Shift+回车换行</translation>
    </message>
    <message>
        <source>nothing said yet</source>
        <translation>尚无内容</translation>
    </message>
    <message>
        <source>Calls can't be read: {why}</source>
        <translation>读不到来电：{why}</translation>
    </message>
    <message>
        <source>Loading calls…</source>
        <translation>正在读取来电…</translation>
    </message>
    <message>
        <source>answer</source>
        <translation>接听</translation>
    </message>
    <message>
        <source>talking</source>
        <translation>通话</translation>
    </message>
    <message>
        <source>draft</source>
        <translation>草稿</translation>
    </message>
    <message>
        <source>call back</source>
        <translation>回拨</translation>
    </message>
    <message>
        <source>number withheld</source>
        <translation>未显示号码</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>正在保存…</translation>
    </message>
    <message>
        <source>Sending…</source>
        <translation>正在发送…</translation>
    </message>
    <message>
        <source>It was taken in, but its number can't be read yet.</source>
        <translation>已接报入库，但暂时读不到编号，请勿重复上报。</translation>
    </message>
    <message>
        <source>Taken in as {number}, but not merged: {why}</source>
        <translation>已接报，编号 {number}，但未能合并：{why}</translation>
    </message>
    <message>
        <source>Reported as {number}; the desk is to accept it.</source>
        <translation>已上报，编号 {number}，待受理。</translation>
    </message>
    <message>
        <source>Taken in as {number}.</source>
        <translation>已受理，编号 {number}。</translation>
    </message>
    <message>
        <source>Merged into {number}; this reporter is kept there.</source>
        <translation>已并入 {number}，本次反映人已保留。</translation>
    </message>
    <message>
        <source>Not taken in: {why} Everything typed is kept.</source>
        <translation>未受理：{why} 已填内容全部保留。</translation>
    </message>
    <message>
        <source>Take a call</source>
        <translation>接报</translation>
    </message>
    <message>
        <source>Take in  Ctrl+Enter</source>
        <translation>受理  Ctrl+回车</translation>
    </message>
    <message>
        <source>New  Ctrl+N</source>
        <translation>新建  Ctrl+N</translation>
    </message>
    <message>
        <source>Throw away</source>
        <translation>丢弃</translation>
    </message>
    <message>
        <source>The seat is still opening.</source>
        <translation>席位正在打开。</translation>
    </message>
    <message>
        <source>Point of {place} taken; their words for the place stay.</source>
        <translation>已取 {place} 的坐标；地点原话不变。</translation>
    </message>
    <message>
        <source>{place} has no point of its own: pick one on the map.</source>
        <translation>{place} 没有坐标，请在地图上取点。</translation>
    </message>
    <message>
        <source>Ctrl+Enter takes it in.</source>
        <translation>按 Ctrl+回车受理。</translation>
    </message>
    <message>
        <source>Throw this draft away? Press again to do it; typing goes on with it.</source>
        <translation>丢弃此草稿？再按一次执行，继续填写则保留。</translation>
    </message>
    <message>
        <source>Saved.</source>
        <translation>已保存。</translation>
    </message>
    <message>
        <source>Not saved yet: {why} It stays here and is tried again.</source>
        <translation>尚未保存：{why} 内容仍在此处，会再次保存。</translation>
    </message>
    <message>
        <source>This draft is no longer there: it was taken in or thrown away.</source>
        <translation>此草稿已不存在：已受理或已丢弃。</translation>
    </message>
    <message>
        <source>Kept as it is typed. Esc closes, nothing is lost.</source>
        <translation>边填边存。Esc 关闭，内容不丢。</translation>
    </message>
    <message>
        <source>F2 take a call · F3 find · F4 forces · F6 cameras · F1 all keys</source>
        <translation>F2 接报 · F3 查找 · F4 力量 · F6 视频 · F1 全部按键</translation>
    </message>
    <message>
        <source>Seen and handled at once (self-handled)</source>
        <translation>已当场处理（自行处置）</translation>
    </message>
    <message>
        <source>Handled</source>
        <translation>处置</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>处置结果</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>What was handled at once is logged by itself. To merge it, take that mark off first.</source>
        <translation>自行处置的事件单独登记；如需合并，请先取消勾选。</translation>
    </message>
    <message>
        <source>Logged as found and fixed: {number}.</source>
        <translation>已登记为自行处置：{number}。</translation>
    </message>
    <message>
        <source>Log as found and fixed  Ctrl+Enter</source>
        <translation>登记为自行处置  Ctrl+回车</translation>
    </message>
    <message>
        <source>Not done: {why}</source>
        <translation>未执行：{why}</translation>
    </message>
    <message>
        <source>to call back</source>
        <translation>待回拨</translation>
    </message>
    <message>
        <source>To call back</source>
        <translation>稍后回拨</translation>
    </message>
    <message>
        <source>missed, call back</source>
        <translation>未接，回拨</translation>
    </message>
    <message>
        <source>They are on the line: take it down</source>
        <translation>已接通：开始接报</translation>
    </message>
    <message>
        <source>Called back: done</source>
        <translation>已回拨：完成</translation>
    </message>
    <message>
        <source>Not reached: it stays here</source>
        <translation>未接通：保留在此</translation>
    </message>
    <message>
        <source>Hang up</source>
        <translation>挂断</translation>
    </message>
    <message>
        <source>same words for the place</source>
        <translation>地点文字相同</translation>
    </message>
    <message>
        <source>The list of time limits in force has no rule call_answer: a call that nobody takes is never shown as missed. Add the rule to your list (code call_answer:*:*, minutes, calendar continuous) and bring it in, or take the shipped one: main.py pack update limit</source>
        <translation>现行时限名录缺少规则 call_answer：无人接听的来电不会显示为未接。请在本区名录中补上该规则（代码 call_answer:*:*、分钟数、日历 continuous）并导入，或采用随附规则：main.py pack update limit</translation>
    </message>
    <message>
        <source>no rule call_answer: missed calls do not show; main.py pack update limit adds it</source>
        <translation>缺少规则 call_answer，未接来电不显示；main.py pack update limit 可补入</translation>
    </message>
    <message>
        <source>no rule call_answer: missed calls do not show</source>
        <translation>缺少规则 call_answer，未接来电不显示</translation>
    </message>
    <message>
        <source>no rule for missed calls</source>
        <translation>缺少未接来电规则</translation>
    </message>
</context>
</TS>
