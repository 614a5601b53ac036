<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>cameras</name>
    <message>
        <source>Looking for cameras nearby</source>
        <translation>正在查找周边摄像机</translation>
    </message>
    <message>
        <source>No camera within {n} m.</source>
        <translation>{n} 米内无摄像机。</translation>
    </message>
    <message>
        <source>Select an incident to see the cameras beside it.</source>
        <translation>选中事件后显示周边视频。</translation>
    </message>
    <message>
        <source>The incident has no point on the map yet.</source>
        <translation>该事件尚无坐标。</translation>
    </message>
    <message>
        <source>Viewing is recorded with your name and this incident.</source>
        <translation>查看已记录（人员、事件）。</translation>
    </message>
    <message>
        <source>connecting</source>
        <translation>正在连接</translation>
    </message>
    <message>
        <source>cut off · reconnecting {n}</source>
        <translation>断流 · 正在重连 {n}</translation>
    </message>
    <message>
        <source>demo footage</source>
        <translation>演示画面</translation>
    </message>
    <message>
        <source>drill footage</source>
        <translation>演练画面</translation>
    </message>
    <message>
        <source>live</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>live, key frames</source>
        <translation>实时（关键帧）</translation>
    </message>
    <message>
        <source>live, snapshots</source>
        <translation>实时（抓拍）</translation>
    </message>
    <message>
        <source>recording</source>
        <translation>录像</translation>
    </message>
    <message>
        <source>no camera</source>
        <translation>无摄像机</translation>
    </message>
    <message>
        <source>no more nearby</source>
        <translation>周边无更多摄像机</translation>
    </message>
    <message>
        <source>no right to look</source>
        <translation>无权查看</translation>
    </message>
    <message>
        <source>not connected</source>
        <translation>未接入</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>被拒绝</translation>
    </message>
    <message>
        <source>still</source>
        <translation>静态</translation>
    </message>
    <message>
        <source>unsupported</source>
        <translation>格式不支持</translation>
    </message>
    <message>
        <source>{n} km</source>
        <translation>{n} 公里</translation>
    </message>
    <message>
        <source>{n} m</source>
        <translation>{n} 米</translation>
    </message>
    <message>
        <source>{n} s ago</source>
        <translation>{n} 秒前</translation>
    </message>
    <message>
        <source>delay unknown</source>
        <translation>延时未知</translation>
    </message>
    <message>
        <source>{n} s late</source>
        <translation>延时 {n} 秒</translation>
    </message>
    <message>
        <source>no picture · attempt {n}</source>
        <translation>无画面 · 重试 {n}</translation>
    </message>
    <message>
        <source>{mode}, kept</source>
        <translation>{mode}·已固定</translation>
    </message>
    <message>
        <source>visitors: blurred</source>
        <translation>参观模式·已模糊</translation>
    </message>
    <message>
        <source>partly masked</source>
        <translation>局部已遮蔽</translation>
    </message>
    <message>
        <source>why do you look?</source>
        <translation>请填写查看事由</translation>
    </message>
    <message>
        <source>refused · attempt {n}</source>
        <translation>被拒绝 · 第 {n} 次重试</translation>
    </message>
    <message>
        <source>no such host · attempt {n}</source>
        <translation>主机不存在 · 第 {n} 次重试</translation>
    </message>
    <message>
        <source>no answer · attempt {n}</source>
        <translation>无应答 · 第 {n} 次重试</translation>
    </message>
    <message>
        <source>broken off · attempt {n}</source>
        <translation>连接中断 · 第 {n} 次重试</translation>
    </message>
    <message>
        <source>asking for presets</source>
        <translation>正在查询预置位</translation>
    </message>
    <message>
        <source>no presets</source>
        <translation>没有预置位</translation>
    </message>
    <message>
        <source>to {name}</source>
        <translation>转到 {name}</translation>
    </message>
    <message>
        <source>Presets</source>
        <translation>预置位</translation>
    </message>
    <message>
        <source>turn left</source>
        <translation>左转</translation>
    </message>
    <message>
        <source>turn right</source>
        <translation>右转</translation>
    </message>
    <message>
        <source>tilt up</source>
        <translation>上仰</translation>
    </message>
    <message>
        <source>tilt down</source>
        <translation>下俯</translation>
    </message>
    <message>
        <source>zoom in</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>zoom out</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>turn the camera</source>
        <translation>云台控制</translation>
    </message>
    <message>
        <source>Area</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>Back to all tiles</source>
        <translation>返回全部画面</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>摄像机</translation>
    </message>
    <message>
        <source>Cameras</source>
        <translation>摄像机列表</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Delete the patrol {name}? Cameras stay.</source>
        <translation>删除轮巡“{name}”？摄像机不受影响。</translation>
    </message>
    <message>
        <source>Delete the wall {name}? Cameras stay.</source>
        <translation>删除视频墙“{name}”？摄像机不受影响。</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>Enlarge</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
    <message>
        <source>Incident again</source>
        <translation>改用事件作事由</translation>
    </message>
    <message>
        <source>Last picture</source>
        <translation>最近画面</translation>
    </message>
    <message>
        <source>Mode</source>
        <translation>播放方式</translation>
    </message>
    <message>
        <source>Name of the patrol / seconds at each stop</source>
        <translation>轮巡名称 / 每组停留秒数</translation>
    </message>
    <message>
        <source>Name of the wall</source>
        <translation>视频墙名称</translation>
    </message>
    <message>
        <source>New name of the wall</source>
        <translation>视频墙新名称</translation>
    </message>
    <message>
        <source>No patrol is saved yet</source>
        <translation>尚未保存轮巡</translation>
    </message>
    <message>
        <source>No reason given yet.</source>
        <translation>尚未填写查看事由。</translation>
    </message>
    <message>
        <source>No wall is saved yet</source>
        <translation>尚未保存视频墙</translation>
    </message>
    <message>
        <source>Other reason</source>
        <translation>更换事由</translation>
    </message>
    <message>
        <source>Patrol</source>
        <translation>轮巡</translation>
    </message>
    <message>
        <source>Patrol of a tag…</source>
        <translation>按标签轮巡…</translation>
    </message>
    <message>
        <source>Patrol of an area…</source>
        <translation>按区域轮巡…</translation>
    </message>
    <message>
        <source>Patrol of the cameras in the list…</source>
        <translation>按列表中的摄像机轮巡…</translation>
    </message>
    <message>
        <source>Put on the big wall</source>
        <translation>投到大屏</translation>
    </message>
    <message>
        <source>Reason: incident {number}</source>
        <translation>事由：事件 {number}</translation>
    </message>
    <message>
        <source>Reason: {reason}</source>
        <translation>事由：{reason}</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>另存为…</translation>
    </message>
    <message>
        <source>Show on the map</source>
        <translation>在地图上显示</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>起始时间</translation>
    </message>
    <message>
        <source>Snapshot</source>
        <translation>截图</translation>
    </message>
    <message>
        <source>Snapshot into the incident</source>
        <translation>截图存入事件</translation>
    </message>
    <message>
        <source>Snapshot to a file</source>
        <translation>截图存为文件</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Stop the patrol</source>
        <translation>停止轮巡</translation>
    </message>
    <message>
        <source>Take away</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>The big wall by itself again</source>
        <translation>大屏恢复自动</translation>
    </message>
    <message>
        <source>The big wall shows: {name}</source>
        <translation>大屏显示：{name}</translation>
    </message>
    <message>
        <source>The big wall turns its cameras by itself.</source>
        <translation>大屏已恢复自动轮巡。</translation>
    </message>
    <message>
        <source>To the board</source>
        <translation>上视频墙</translation>
    </message>
    <message>
        <source>To the video board</source>
        <translation>放到视频墙</translation>
    </message>
    <message>
        <source>Visitors</source>
        <translation>参观模式</translation>
    </message>
    <message>
        <source>Visitors' mode is over.</source>
        <translation>参观模式已结束。</translation>
    </message>
    <message>
        <source>Visitors' mode: pictures are blurred on desk and wall.</source>
        <translation>参观模式已开启：中屏与大屏画面均已模糊。</translation>
    </message>
    <message>
        <source>Wall saved: {name}</source>
        <translation>视频墙已保存：{name}</translation>
    </message>
    <message>
        <source>Walls</source>
        <translation>视频墙</translation>
    </message>
    <message>
        <source>Why do you look? It is recorded.</source>
        <translation>请填写查看事由（将记录在案）</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>by the machine's budget</source>
        <translation>自动（按机器负荷）</translation>
    </message>
    <message>
        <source>drop a camera here</source>
        <translation>拖入摄像机</translation>
    </message>
    <message>
        <source>list</source>
        <translation>列表</translation>
    </message>
    <message>
        <source>marked for the wall</source>
        <translation>可上大屏</translation>
    </message>
    <message>
        <source>name, number, area, tag</source>
        <translation>名称、编号、区域、标签</translation>
    </message>
    <message>
        <source>off-line</source>
        <translation>离线</translation>
    </message>
    <message>
        <source>on-line</source>
        <translation>在线</translation>
    </message>
    <message>
        <source>patrol {name}: stop {page} of {pages}</source>
        <translation>轮巡“{name}”：第 {page}/{pages} 组</translation>
    </message>
    <message>
        <source>reason, then Enter</source>
        <translation>事由，回车确认</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>wall {name}</source>
        <translation>视频墙“{name}”</translation>
    </message>
    <message>
        <source>wheel zooms · double click enlarges · drag to swap</source>
        <translation>滚轮缩放 · 双击放大 · 拖动互换</translation>
    </message>
    <message>
        <source>without address</source>
        <translation>无地址</translation>
    </message>
    <message>
        <source>{n} passed over (off line or no picture)</source>
        <translation>跳过 {n} 路（离线或无画面）</translation>
    </message>
    <message>
        <source>{shown} of {all} · on-line {online} · off-line {offline} · unknown {unknown}</source>
        <translation>显示 {shown} / 共 {all} · 在线 {online} · 离线 {offline} · 未知 {unknown}</translation>
    </message>
    <message>
        <source>{state} since {since} · last picture {picture}</source>
        <translation>{state}（自 {since}）· 最近画面 {picture}</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Camera {n}</source>
        <translation>{n} 号摄像机</translation>
    </message>
    <message>
        <source>only a supervisor or duty leader</source>
        <translation>仅限值班主管或带班领导</translation>
    </message>
    <message>
        <source>not while visitors are here</source>
        <translation>参观模式下不可用</translation>
    </message>
    <message>
        <source>without a picture there is nothing to draw on</source>
        <translation>没有画面，无法绘制</translation>
    </message>
    <message>
        <source>Masks cannot be drawn: {why}</source>
        <translation>不能绘制遮挡：{why}</translation>
    </message>
    <message>
        <source>Privacy masks of {name}</source>
        <translation>隐私遮挡：{name}</translation>
    </message>
    <message>
        <source>Privacy masks…</source>
        <translation>隐私遮挡…</translation>
    </message>
    <message>
        <source>Masks of {name} were changed elsewhere: they are drawn in.</source>
        <translation>{name} 的遮挡已在别处更改，新的遮挡已画入。</translation>
    </message>
    <message>
        <source>{name}: {n} masks are in force</source>
        <translation>{name}：{n} 处遮挡已生效</translation>
    </message>
    <message>
        <source>Masks of {name} are as before.</source>
        <translation>{name} 的遮挡未改动。</translation>
    </message>
    <message>
        <source>{n} masks, {at} is chosen</source>
        <translation>共 {n} 处遮挡，选中第 {at} 处</translation>
    </message>
    <message>
        <source>click corner by corner · double click or Enter ends it</source>
        <translation>逐点单击 · 双击或回车结束</translation>
    </message>
    <message>
        <source>drag: new, move, bend · Ins new · PgUp PgDn choose · arrows move, Ctrl sizes · Del · Ctrl+S · Esc</source>
        <translation>拖动：新建、移动、改形 · Ins 新建 · PgUp PgDn 选择 · 方向键移动，加 Ctrl 改大小 · Del 删除 · Ctrl+S 保存 · Esc 离开</translation>
    </message>
    <message>
        <source>Rectangle</source>
        <translation>矩形</translation>
    </message>
    <message>
        <source>Polygon</source>
        <translation>多边形</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Keep where it looks now…</source>
        <translation>记下当前位置…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Name or number of the preset</source>
        <translation>预置位名称或编号</translation>
    </message>
    <message>
        <source>kept as {name}</source>
        <translation>已记为 {name}</translation>
    </message>
    <message>
        <source>Remove the preset {name}?</source>
        <translation>删除预置位 {name}？</translation>
    </message>
    <message>
        <source>removed: {name}</source>
        <translation>已删除：{name}</translation>
    </message>
    <message>
        <source>Back  Esc</source>
        <translation>返回  Esc</translation>
    </message>
    <message>
        <source>double click or Esc: all tiles again</source>
        <translation>双击或 Esc：恢复全部画面</translation>
    </message>
</context>
<context>
    <name>text</name>
    <message>
        <source>not connected</source>
        <translation>未接入</translation>
    </message>
    <message>
        <source>{kind} streams are not connected</source>
        <translation>{kind} 流未接入</translation>
    </message>
    <message>
        <source>{kind} files are not shown</source>
        <translation>不支持 {kind} 文件</translation>
    </message>
    <message>
        <source>the file {name} is missing</source>
        <translation>文件 {name} 不存在</translation>
    </message>
    <message>
        <source>the folder {name} holds no pictures</source>
        <translation>文件夹 {name} 中无图片</translation>
    </message>
    <message>
        <source>the picture {name} is too large</source>
        <translation>图片 {name} 过大</translation>
    </message>
    <message>
        <source>the picture {name} cannot be read</source>
        <translation>图片 {name} 无法读取</translation>
    </message>
    <message>
        <source>none of the pictures can be read</source>
        <translation>图片均无法读取</translation>
    </message>
    <message>
        <source>beside an incident</source>
        <translation>查看事件周边</translation>
    </message>
    <message>
        <source>wall: beside an incident</source>
        <translation>大屏：事件周边</translation>
    </message>
    <message>
        <source>wall: patrol</source>
        <translation>大屏：轮巡</translation>
    </message>
    <message>
        <source>wall: named wall</source>
        <translation>大屏：命名视频墙</translation>
    </message>
    <message>
        <source>routine round</source>
        <translation>例行巡查</translation>
    </message>
    <message>
        <source>check of a report</source>
        <translation>核实情况</translation>
    </message>
    <message>
        <source>check of equipment</source>
        <translation>设备检查</translation>
    </message>
</context>
</TS>
