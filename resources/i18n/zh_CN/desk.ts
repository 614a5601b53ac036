<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>desk</name>
    <message>
        <source>{n} d ago</source>
        <translation>{n} 天前</translation>
    </message>
    <message>
        <source>{n} s ago</source>
        <translation>{n} 秒前</translation>
    </message>
    <message>
        <source>{n} min ago</source>
        <translation>{n} 分前</translation>
    </message>
    <message>
        <source>{n} h ago</source>
        <translation>{n} 小时前</translation>
    </message>
    <message>
        <source>Mon</source>
        <translation>周一</translation>
    </message>
    <message>
        <source>Tue</source>
        <translation>周二</translation>
    </message>
    <message>
        <source>Wed</source>
        <translation>周三</translation>
    </message>
    <message>
        <source>Thu</source>
        <translation>周四</translation>
    </message>
    <message>
        <source>Fri</source>
        <translation>周五</translation>
    </message>
    <message>
        <source>Sat</source>
        <translation>周六</translation>
    </message>
    <message>
        <source>Sun</source>
        <translation>周日</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Nothing found. Try a number's end, a name, a grid, a place.</source>
        <translation>没有找到。请试编号末几位、名称、网格或地点。</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Linkage command</source>
        <translation>联动指挥</translation>
    </message>
    <message>
        <source>{centre} — desk</source>
        <translation>{centre} — 调度席</translation>
    </message>
    <message>
        <source>The seat could not be opened: {why}
Nothing was lost. Mend the cause, then try again.</source>
        <translation>席位无法打开：{why}
没有丢失任何内容。请排除原因后重试。</translation>
    </message>
    <message>
        <source>Opening the seat…</source>
        <translation>正在打开席位…</translation>
    </message>
    <message>
        <source>incident</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>force</source>
        <translation>力量</translation>
    </message>
    <message>
        <source>drone</source>
        <translation>无人机</translation>
    </message>
    <message>
        <source>camera</source>
        <translation>视频</translation>
    </message>
    <message>
        <source>component</source>
        <translation>部件</translation>
    </message>
    <message>
        <source>area</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>position {age}</source>
        <translation>位置 {age}</translation>
    </message>
    <message>
        <source>position never heard</source>
        <translation>从未上报位置</translation>
    </message>
    <message>
        <source>{n} m</source>
        <translation>{n} 米</translation>
    </message>
    <message>
        <source>{n} km</source>
        <translation>{n} 公里</translation>
    </message>
    <message>
        <source>{n} found for “{text}”</source>
        <translation>“{text}”找到 {n} 项</translation>
    </message>
    <message>
        <source>Nearest forces</source>
        <translation>最近力量</translation>
    </message>
    <message>
        <source>Click the place on the map. Esc leaves it.</source>
        <translation>请在地图上点选位置。按 Esc 取消。</translation>
    </message>
    <message>
        <source>Nearest cameras</source>
        <translation>最近视频</translation>
    </message>
    <message>
        <source>Nothing lies in it</source>
        <translation>范围内没有内容</translation>
    </message>
    <message>
        <source>on-line</source>
        <translation>在线</translation>
    </message>
    <message>
        <source>off-line</source>
        <translation>离线</translation>
    </message>
    <message>
        <source>never heard of</source>
        <translation>从未上报</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>地点</translation>
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
        <source>off duty</source>
        <translation>下岗</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Position</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>In hand</source>
        <translation>手头</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Open incidents</source>
        <translation>在办事件</translation>
    </message>
    <message>
        <source>Overdue</source>
        <translation>超期</translation>
    </message>
    <message>
        <source>Households</source>
        <translation>户数</translation>
    </message>
    <message>
        <source>Merchants</source>
        <translation>商户数</translation>
    </message>
    <message>
        <source>Select an incident first: ↑ ↓ in the queue, a click on the map, its number after /.</source>
        <translation>请先选事件：队列中按 ↑ ↓，在地图上点选，或按 / 输入编号。</translation>
    </message>
    <message>
        <source>The store can be read again.</source>
        <translation>数据库已恢复读取。</translation>
    </message>
    <message>
        <source>{why} What was entered is kept.</source>
        <translation>{why} 已录入的内容均已保留。</translation>
    </message>
    <message>
        <source>Incident</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Calls</source>
        <translation>通话</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>队列</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>地图</translation>
    </message>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>Windows</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>帮助</translation>
    </message>
    <message>
        <source>{pane} is in its own window.</source>
        <translation>“{pane}”在自己的窗口中。</translation>
    </message>
    <message>
        <source>Bring it back</source>
        <translation>收回此处</translation>
    </message>
    <message>
        <source>{pane}: own window, or back</source>
        <translation>{pane}：独立窗口／收回</translation>
    </message>
    <message>
        <source>Writing the situation map…</source>
        <translation>正在生成态势图…</translation>
    </message>
    <message>
        <source>Done: {act} {number}</source>
        <translation>已{act} {number}</translation>
    </message>
    <message>
        <source>Not done: {why}</source>
        <translation>未执行：{why}</translation>
    </message>
    <message>
        <source>The situation map is not available in this program.</source>
        <translation>本程序不能生成态势图。</translation>
    </message>
    <message>
        <source>Command line</source>
        <translation>命令行</translation>
    </message>
    <message>
        <source>Take a call</source>
        <translation>接报</translation>
    </message>
    <message>
        <source>Answer the next call</source>
        <translation>接听下一个来电</translation>
    </message>
    <message>
        <source>Open the next draft</source>
        <translation>打开下一份草稿</translation>
    </message>
    <message>
        <source>Call back the next</source>
        <translation>回拨下一个</translation>
    </message>
    <message>
        <source>Filter the queue</source>
        <translation>筛选队列</translation>
    </message>
    <message>
        <source>Show what is new</source>
        <translation>显示新事件</translation>
    </message>
    <message>
        <source>Next incident</source>
        <translation>下一件</translation>
    </message>
    <message>
        <source>Previous incident</source>
        <translation>上一件</translation>
    </message>
    <message>
        <source>Look at the incident</source>
        <translation>在地图上看事件</translation>
    </message>
    <message>
        <source>Whole district</source>
        <translation>全区</translation>
    </message>
    <message>
        <source>Where the work is</source>
        <translation>事件所在</translation>
    </message>
    <message>
        <source>Go to…</source>
        <translation>定位到…</translation>
    </message>
    <message>
        <source>Write the situation map</source>
        <translation>生成态势图</translation>
    </message>
    <message>
        <source>All forces</source>
        <translation>全部力量</translation>
    </message>
    <message>
        <source>Cameras beside the incident</source>
        <translation>事件旁的视频</translation>
    </message>
    <message>
        <source>Next pane</source>
        <translation>下一窗格</translation>
    </message>
    <message>
        <source>Previous pane</source>
        <translation>上一窗格</translation>
    </message>
    <message>
        <source>Dark / light</source>
        <translation>深色 / 浅色</translation>
    </message>
    <message>
        <source>中文 / English</source>
        <translation>中文 / English</translation>
    </message>
    <message>
        <source>Mute the sounds, or end it</source>
        <translation>静音／恢复声音</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
    <message>
        <source>All back into one window</source>
        <translation>全部收回主窗口</translation>
    </message>
    <message>
        <source>All menus</source>
        <translation>全部菜单</translation>
    </message>
    <message>
        <source>All acts and keys</source>
        <translation>全部操作与按键</translation>
    </message>
    <message>
        <source>Close the desk</source>
        <translation>关闭调度席</translation>
    </message>
    <message>
        <source>Situation map written: {path}</source>
        <translation>态势图已生成：{path}</translation>
    </message>
    <message>
        <source>The situation map was not written: {why}</source>
        <translation>态势图未生成：{why}</translation>
    </message>
    <message>
        <source>{name} {age}</source>
        <translation>{name} {age}</translation>
    </message>
    <message>
        <source>video on-line {n} / {all}</source>
        <translation>视频在线 {n} / {all}</translation>
    </message>
    <message>
        <source>forces on-line {n} / {all}</source>
        <translation>力量在线 {n} / {all}</translation>
    </message>
    <message>
        <source>own unsent {n}</source>
        <translation>本席未发送 {n}</translation>
    </message>
    <message>
        <source>Sources: {list}</source>
        <translation>来源：{list}</translation>
    </message>
    <message>
        <source>not connected: {list}</source>
        <translation>未接入：{list}</translation>
    </message>
    <message>
        <source>numbers as of {age}</source>
        <translation>数据截至 {age}</translation>
    </message>
    <message>
        <source>demo data</source>
        <translation>演示数据</translation>
    </message>
    <message>
        <source>drill data</source>
        <translation>演练数据</translation>
    </message>
    <message>
        <source>never</source>
        <translation>从未</translation>
    </message>
    <message>
        <source>● {n} not taken</source>
        <translation>● {n} 条未受理</translation>
    </message>
    <message>
        <source>none waits to be taken</source>
        <translation>无未受理</translation>
    </message>
    <message>
        <source>All menus (F10)</source>
        <translation>全部菜单（F10）</translation>
    </message>
    <message>
        <source>{n} not yet sent</source>
        <translation>{n} 条未发送</translation>
    </message>
    <message>
        <source>hub out of reach, last contact {age}; work goes on here</source>
        <translation>中心服务器失联，最后联系 {age}；本席照常工作</translation>
    </message>
    <message>
        <source>Wartime</source>
        <translation>战时</translation>
    </message>
    <message>
        <source>Peacetime</source>
        <translation>平时</translation>
    </message>
    <message>
        <source>{post} signed in</source>
        <translation>已签到 {post}</translation>
    </message>
    <message>
        <source>works alone, no hub</source>
        <translation>单机运行，未接中心</translation>
    </message>
    <message>
        <source>hub connected · {age}</source>
        <translation>中心服务器正常 · {age}</translation>
    </message>
    <message>
        <source>hub connected, {n} behind · {age}</source>
        <translation>中心服务器正常，落后 {n} 条 · {age}</translation>
    </message>
    <message>
        <source>DEMO</source>
        <translation>演示</translation>
    </message>
    <message>
        <source>DRILL</source>
        <translation>演练</translation>
    </message>
    <message>
        <source>no roster for now</source>
        <translation>当前无排班</translation>
    </message>
    <message>
        <source>{shift} · leader {leader} · supervisor {supervisor}</source>
        <translation>{shift} · 带班 {leader} · 值班长 {supervisor}</translation>
    </message>
    <message>
        <source>Forces for it</source>
        <translation>推荐力量</translation>
    </message>
    <message>
        <source>Cameras</source>
        <translation>视频</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>办理过程</translation>
    </message>
    <message>
        <source>stands</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>lost, heard last {age}</source>
        <translation>失联，最后收到于{age}</translation>
    </message>
    <message>
        <source>Link</source>
        <translation>链路</translation>
    </message>
    <message>
        <source>low</source>
        <translation>低</translation>
    </message>
    <message>
        <source>Battery</source>
        <translation>电量</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>高度</translation>
    </message>
    <message>
        <source>All cameras: list and state</source>
        <translation>全部摄像机：列表与状态</translation>
    </message>
    <message>
        <source>Demonstration</source>
        <translation>演示画面</translation>
    </message>
    <message>
        <source>Drill</source>
        <translation>演练画面</translation>
    </message>
    <message>
        <source>Layouts are: {counts}</source>
        <translation>可选画面数：{counts}</translation>
    </message>
    <message>
        <source>No camera is shown: open one first.</source>
        <translation>没有打开的摄像机，请先打开一路。</translation>
    </message>
    <message>
        <source>No open incident is selected: a snapshot belongs to one. Select it first.</source>
        <translation>未选中未结事件：截图须存入事件，请先选中。</translation>
    </message>
    <message>
        <source>No snapshot: there is no picture that is live now.</source>
        <translation>未截图：当前没有有效画面。</translation>
    </message>
    <message>
        <source>Snapshot of the camera into the incident</source>
        <translation>摄像机截图存入事件</translation>
    </message>
    <message>
        <source>Snapshot written: {path}</source>
        <translation>截图已保存：{path}</translation>
    </message>
    <message>
        <source>Snapshot: {what}</source>
        <translation>视频截图：{what}</translation>
    </message>
    <message>
        <source>The big wall chooses its tiles.</source>
        <translation>大屏自动选择画面数。</translation>
    </message>
    <message>
        <source>The big wall shows {n} tiles.</source>
        <translation>大屏显示 {n} 画面。</translation>
    </message>
    <message>
        <source>Video board</source>
        <translation>视频墙</translation>
    </message>
    <message>
        <source>Video board: full screen</source>
        <translation>视频墙全屏</translation>
    </message>
    <message>
        <source>Visitors' mode on or off</source>
        <translation>参观模式开关</translation>
    </message>
    <message>
        <source>seat {seat}</source>
        <translation>席位 {seat}</translation>
    </message>
    <message>
        <source>{what} is in the incident.</source>
        <translation>{what} 已存入事件。</translation>
    </message>
    <message>
        <source>List written: {path}</source>
        <translation>列表已导出：{path}</translation>
    </message>
    <message>
        <source>The list cannot be written in this program.</source>
        <translation>此程序不能导出列表。</translation>
    </message>
    <message>
        <source>Last picture</source>
        <translation>最近画面</translation>
    </message>
    <message>
        <source>What this seat showed had come apart from the other seats; it was mended at {time}, {n} rows. Nothing entered was lost.</source>
        <translation>本席位所示数据曾与其他席位不一致，已于 {time} 修复 {n} 行，录入内容无丢失。</translation>
    </message>
    <message>
        <source>Cannot be taken over: {why}</source>
        <translation>无法接办：{why}</translation>
    </message>
    <message>
        <source>Taken over: {number}</source>
        <translation>已接办：{number}</translation>
    </message>
    <message>
        <source>Left as it stands: {number}</source>
        <translation>已认可现有处置：{number}</translation>
    </message>
    <message>
        <source>{n} more</source>
        <translation>另有 {n} 条</translation>
    </message>
    <message>
        <source>Overtaken: {number}, level {level}. Somebody else acted first; your act changed nothing, it stays in the timeline.</source>
        <translation>操作被抢先：{number}（{level} 级）。他人先行处置，您的操作未生效，已留在办理过程中。</translation>
    </message>
    <message>
        <source>Your act once more, on top</source>
        <translation>在现有处置之上再次执行您的操作</translation>
    </message>
    <message>
        <source>an act outside the area of this seat</source>
        <translation>本席位辖区以外的处置</translation>
    </message>
    <message>
        <source>{act} on {number}</source>
        <translation>{number}：{act}</translation>
    </message>
    <message>
        <source>Mine</source>
        <translation>我的操作</translation>
    </message>
    <message>
        <source>It stands</source>
        <translation>现行处置</translation>
    </message>
    <message>
        <source>Take over</source>
        <translation>接办</translation>
    </message>
    <message>
        <source>Let it stand</source>
        <translation>认可现有</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>查看</translation>
    </message>
    <message>
        <source>Do again what was overtaken or refused</source>
        <translation>重做被抢先或被拒收的操作</translation>
    </message>
    <message>
        <source>Hub: {why} Work goes on here; what is done is sent when it is over.</source>
        <translation>中心服务器：{why}本席位照常工作，恢复后自动上传。</translation>
    </message>
    <message>
        <source>hub never reached</source>
        <translation>从未连通中心服务器</translation>
    </message>
    <message>
        <source>off the hub since {time}, {age}</source>
        <translation>{time} 起断开，{age}</translation>
    </message>
    <message>
        <source>clock {s} s slow</source>
        <translation>本机时钟慢 {s} 秒</translation>
    </message>
    <message>
        <source>clock {s} s fast</source>
        <translation>本机时钟快 {s} 秒</translation>
    </message>
    <message>
        <source>Whistles</source>
        <translation>吹哨报到</translation>
    </message>
    <message>
        <source>Blow the whistle for it</source>
        <translation>为该事件吹哨</translation>
    </message>
    <message>
        <source>exchange by files, last {age}</source>
        <translation>用文件交换，最近一次 {age}</translation>
    </message>
    <message>
        <source>Let it stand, or acknowledge the refusal</source>
        <translation>认可现有处置，或确认拒收</translation>
    </message>
    <message>
        <source>Cannot be done again: {why}</source>
        <translation>无法重做：{why}</translation>
    </message>
    <message>
        <source>Done again: {number}</source>
        <translation>已重做：{number}</translation>
    </message>
    <message>
        <source>Refusal acknowledged.</source>
        <translation>拒收已确认。</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>拒收原因</translation>
    </message>
    <message>
        <source>Do it again</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>知道了</translation>
    </message>
    <message>
        <source>Refused by the hub: your act counts nowhere.</source>
        <translation>操作被中心服务器拒收：各席位均不生效。</translation>
    </message>
    <message>
        <source>Refused by the hub: {number}, level {level}. Without your act it is at no other seat either.</source>
        <translation>操作被中心服务器拒收：{number}（{level} 级）。该事件因此不在任何席位上。</translation>
    </message>
    <message>
        <source>Refused by the hub: {number}, level {level}. Your act counts nowhere; it stays in the timeline, struck through.</source>
        <translation>操作被中心服务器拒收：{number}（{level} 级）。各席位均不生效，已在办理过程中划线标出。</translation>
    </message>
    <message>
        <source>On duty</source>
        <translation>值班</translation>
    </message>
    <message>
        <source>Who is on duty, sign in</source>
        <translation>值班与签到</translation>
    </message>
    <message>
        <source>Hand the shift over</source>
        <translation>交班</translation>
    </message>
    <message>
        <source>{name} (not signed in)</source>
        <translation>{name}（未签到）</translation>
    </message>
    <message>
        <source>Hang up</source>
        <translation>挂断</translation>
    </message>
    <message>
        <source>Not done: {act} {number}: {why}</source>
        <translation>未执行：{act} {number}：{why}</translation>
    </message>
    <message>
        <source>The draft is kept: F2 goes back to it.</source>
        <translation>草稿已保留：按 F2 返回。</translation>
    </message>
    <message>
        <source>You talk on no call.</source>
        <translation>您当前没有通话。</translation>
    </message>
    <message>
        <source>All that was written, or less</source>
        <translation>展开或收起全文</translation>
    </message>
    <message>
        <source>{name}: link lost, heard last {age}</source>
        <translation>{name}：链路中断，最后收到于{age}</translation>
    </message>
    <message>
        <source>{name}: battery low, {n} %</source>
        <translation>{name}：电量低，剩 {n} %</translation>
    </message>
    <message>
        <source>{name}: link stands again</source>
        <translation>{name}：链路已恢复</translation>
    </message>
    <message>
        <source>{name}: battery no longer low, {n} %</source>
        <translation>{name}：电量不再告警，{n} %</translation>
    </message>
    <message>
        <source>Seen</source>
        <translation>知道了</translation>
    </message>
    <message>
        <source>On the map</source>
        <translation>在地图上看</translation>
    </message>
    <message>
        <source>Overtaken: {subject}. Somebody else acted first; your act changed nothing, it stays in the log.</source>
        <translation>操作被抢先：{subject}。他人已先操作，您的操作未生效，已留在日志中。</translation>
    </message>
    <message>
        <source>Refused by the hub: {subject}. Your act counts nowhere.</source>
        <translation>操作被中心服务器拒收：{subject}。各席位均不生效。</translation>
    </message>
    <message>
        <source>Hand-overs cannot be written in this program.</source>
        <translation>本程序不能导出交接班记录。</translation>
    </message>
    <message>
        <source>Hand-overs written: {path}</source>
        <translation>交接班记录已导出：{path}</translation>
    </message>
    <message>
        <source>The hand-overs were not written: {why}</source>
        <translation>交接班记录未导出：{why}</translation>
    </message>
    <message>
        <source>Take the shift over</source>
        <translation>接班</translation>
    </message>
    <message>
        <source>{name} (waits to be relieved)</source>
        <translation>{name}（待接班）</translation>
    </message>
    <message>
        <source>{name} (to be relieved)</source>
        <translation>{name}（待接班）</translation>
    </message>
    <message>
        <source>{name} (not in)</source>
        <translation>{name}（未签到）</translation>
    </message>
    <message>
        <source>leader {leader} · supervisor {supervisor}</source>
        <translation>带班 {leader} · 值班长 {supervisor}</translation>
    </message>
    <message>
        <source>the first {n} are listed</source>
        <translation>仅列出前 {n} 项</translation>
    </message>
    <message>
        <source>Grid head</source>
        <translation>网格长</translation>
    </message>
    <message>
        <source>Full-time worker</source>
        <translation>专职网格员</translation>
    </message>
    <message>
        <source>Others of it</source>
        <translation>其他人员</translation>
    </message>
    <message>
        <source>{n} s</source>
        <translation>{n} 秒</translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation>{n} 分</translation>
    </message>
    <message>
        <source>{n} h</source>
        <translation>{n} 小时</translation>
    </message>
    <message>
        <source>{n} d</source>
        <translation>{n} 天</translation>
    </message>
    <message>
        <source>{name} has no place on the map.</source>
        <translation>{name} 在地图上没有位置。</translation>
    </message>
    <message>
        <source>Hub: {why}</source>
        <translation>中心服务器：{why}</translation>
    </message>
    <message>
        <source>{n} sources not connected</source>
        <translation>{n} 个来源未接入</translation>
    </message>
    <message>
        <source>Sources, longest silent: {list} · {n} more</source>
        <translation>来源（最久未更新）：{list} · 另 {n} 个</translation>
    </message>
</context>
</TS>
