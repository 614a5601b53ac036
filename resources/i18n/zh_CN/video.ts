<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>text</name>
    <message>
        <source>There is no address.</source>
        <translation>未填地址。</translation>
    </message>
    <message>
        <source>This is no address.</source>
        <translation>地址格式不正确。</translation>
    </message>
    <message>
        <source>A password may not stand in an address. Keep it in the key ring or in the file of camera log-ins.</source>
        <translation>地址中不得含密码。请存入系统密钥环或摄像机登录文件。</translation>
    </message>
    <message>
        <source>the camera answers {status}</source>
        <translation>摄像机返回 {status}</translation>
    </message>
    <message>
        <source>the camera's certificate is not trusted</source>
        <translation>摄像机证书不可信</translation>
    </message>
    <message>
        <source>connection refused</source>
        <translation>连接被拒绝</translation>
    </message>
    <message>
        <source>no such host: {host}</source>
        <translation>找不到主机：{host}</translation>
    </message>
    <message>
        <source>no answer in time</source>
        <translation>连接超时</translation>
    </message>
    <message>
        <source>the camera refuses the log-in</source>
        <translation>摄像机拒绝登录</translation>
    </message>
    <message>
        <source>the camera does not know this stream</source>
        <translation>摄像机无此码流</translation>
    </message>
    <message>
        <source>{what} cannot be played</source>
        <translation>不支持播放 {what}</translation>
    </message>
    <message>
        <source>the codec of this stream cannot be played</source>
        <translation>不支持此码流的编码格式</translation>
    </message>
    <message>
        <source>the stream has no pictures</source>
        <translation>码流中没有视频</translation>
    </message>
    <message>
        <source>the data are no pictures</source>
        <translation>数据无法解码</translation>
    </message>
    <message>
        <source>the stream ended</source>
        <translation>码流中断</translation>
    </message>
    <message>
        <source>the connection broke</source>
        <translation>连接中断</translation>
    </message>
    <message>
        <source>the pictures come too late</source>
        <translation>画面严重滞后</translation>
    </message>
    <message>
        <source>the file {name} may not be read</source>
        <translation>无权读取文件 {name}</translation>
    </message>
    <message>
        <source>the file of camera log-ins cannot be read</source>
        <translation>无法读取摄像机登录文件</translation>
    </message>
    <message>
        <source>others may read the file of camera log-ins: chmod 600</source>
        <translation>摄像机登录文件可被他人读取：请 chmod 600</translation>
    </message>
    <message>
        <source>a list</source>
        <translation>列表</translation>
    </message>
    <message>
        <source>polygons for each camera</source>
        <translation>各摄像机的多边形</translation>
    </message>
    <message>
        <source>3 to 64 points</source>
        <translation>3 至 64 个点</translation>
    </message>
    <message>
        <source>two numbers from 0 to 1</source>
        <translation>两个 0 至 1 的数</translation>
    </message>
    <message>
        <source>No picture: {why}</source>
        <translation>无画面：{why}</translation>
    </message>
    <message>
        <source>{codec} {width}×{height}, {fps} pictures a second, delay {delay} s, first picture after {first} s</source>
        <translation>{codec} {width}×{height}，每秒 {fps} 帧，延时 {delay} 秒，{first} 秒后出图</translation>
    </message>
    <message>
        <source>look at a camera's stream: codec, size, pictures a second, delay</source>
        <translation>检测摄像机码流：编码、尺寸、帧率、延时</translation>
    </message>
    <message>
        <source>rtsp, http, hls or a file; without a password in it</source>
        <translation>rtsp、http、hls 或文件；不得含密码</translation>
    </message>
    <message>
        <source>how long to watch</source>
        <translation>检测时长（秒）</translation>
    </message>
    <message>
        <source>This benchmark needs the source tree: its test server lies in tests/fakes.</source>
        <translation>此基准测试需要源码树：测试服务器位于 tests/fakes。</translation>
    </message>
    <message>
        <source>Layouts are: {counts}</source>
        <translation>可选画面数：{counts}</translation>
    </message>
    <message>
        <source>A patrol needs cameras, an area or a tag.</source>
        <translation>轮巡须指定摄像机、区域或标签。</translation>
    </message>
    <message>
        <source>Nothing is named {name}.</source>
        <translation>没有名为“{name}”的视频墙或轮巡。</translation>
    </message>
    <message>
        <source>The name {name} is taken.</source>
        <translation>名称“{name}”已被使用。</translation>
    </message>
    <message>
        <source>{count} names fit {name}.</source>
        <translation>有 {count} 个名称符合“{name}”，请写得更完整。</translation>
    </message>
    <message>
        <source>It needs a name.</source>
        <translation>请先命名。</translation>
    </message>
    <message>
        <source>No more than {count} can be kept.</source>
        <translation>最多保存 {count} 个。</translation>
    </message>
    <message>
        <source>Addresses of {kind} cannot be played: rtsp, http, hls, wvp, onvif, file</source>
        <translation>不支持 {kind} 地址，可用：rtsp、http、hls、wvp、onvif、file</translation>
    </message>
    <message>
        <source>A channel of a platform is wvp://host:port/DEVICE/CHANNEL.</source>
        <translation>平台通道地址为 wvp://主机:端口/设备编号/通道编号。</translation>
    </message>
    <message>
        <source>A platform's address is wvp://host:port.</source>
        <translation>平台地址为 wvp://主机:端口。</translation>
    </message>
    <message>
        <source>the platform names no stream that can be played</source>
        <translation>平台未给出可播放的码流</translation>
    </message>
    <message>
        <source>the platform answers {code}: {said}</source>
        <translation>平台返回 {code}：{said}</translation>
    </message>
    <message>
        <source>the platform's answer cannot be read</source>
        <translation>平台应答无法解析</translation>
    </message>
    <message>
        <source>there is no log-in for the platform: name it in camera-logins</source>
        <translation>没有平台登录信息：请写入 camera-logins</translation>
    </message>
    <message>
        <source>the platform refuses the log-in</source>
        <translation>平台拒绝登录</translation>
    </message>
    <message>
        <source>the camera names no stream</source>
        <translation>摄像机未给出码流</translation>
    </message>
    <message>
        <source>the camera's answer cannot be read</source>
        <translation>摄像机应答无法解析</translation>
    </message>
    <message>
        <source>the camera cannot be turned</source>
        <translation>该摄像机没有云台</translation>
    </message>
    <message>
        <source>An interface is named by its IPv4 address.</source>
        <translation>请用网卡的 IPv4 地址指定接口。</translation>
    </message>
    <message>
        <source>{where} cannot be asked from: {why}</source>
        <translation>无法从 {where} 查询：{why}</translation>
    </message>
    <message>
        <source>Another program of this seat is sweeping.</source>
        <translation>本席位的另一个程序正在巡检。</translation>
    </message>
    <message>
        <source>Area</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>In a demo or drill the cameras' states are played; nothing is asked.</source>
        <translation>演示或演练中摄像机状态由剧本给出，不做巡检。</translation>
    </message>
    <message>
        <source>Last picture</source>
        <translation>最近画面</translation>
    </message>
    <message>
        <source>May be on the wall</source>
        <translation>可上大屏</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>起始时间</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Sweeping; Ctrl+C ends it.</source>
        <translation>正在巡检，按 Ctrl+C 结束。</translation>
    </message>
    <message>
        <source>The cameras of {area} are back after {minutes} min.</source>
        <translation>{area}的摄像机已恢复，历时 {minutes} 分钟。</translation>
    </message>
    <message>
        <source>Visitors' mode is on: pictures are blurred.</source>
        <translation>参观模式已开启：画面已模糊。</translation>
    </message>
    <message>
        <source>Visitors' mode is over.</source>
        <translation>参观模式已结束。</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>ask all cameras again and again whether they answer</source>
        <translation>反复巡检全部摄像机是否应答</translation>
    </message>
    <message>
        <source>the privacy masks of {name}</source>
        <translation>{name} 的隐私遮挡</translation>
    </message>
    <message>
        <source>who looked at which camera, from when to when and why; who turned it, covered it, kept a still (auditor, supervisor, duty leader)</source>
        <translation>摄像机查看记录：谁、哪台、起止时间、事由，以及转动、遮挡和截图（审计员、值班主管、带班领导）</translation>
    </message>
    <message>
        <source>only cameras whose id or name has this</source>
        <translation>只列编号或名称含此文字的摄像机</translation>
    </message>
    <message>
        <source>how far back</source>
        <translation>向前追溯的小时数</translation>
    </message>
    <message>
        <source>write the record: .csv or .xlsx</source>
        <translation>把记录写入文件：.csv 或 .xlsx</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>摄像机</translation>
    </message>
    <message>
        <source>From</source>
        <translation>起</translation>
    </message>
    <message>
        <source>To</source>
        <translation>止</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>何人</translation>
    </message>
    <message>
        <source>Screen</source>
        <translation>屏</translation>
    </message>
    <message>
        <source>Seat</source>
        <translation>席位</translation>
    </message>
    <message>
        <source>Your role may not read who looked at cameras.</source>
        <translation>您的角色无权查阅摄像机查看记录。</translation>
    </message>
    <message>
        <source>on line</source>
        <translation>在线</translation>
    </message>
    <message>
        <source>off line</source>
        <translation>离线</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>no such host</source>
        <translation>主机不存在</translation>
    </message>
    <message>
        <source>cannot be played</source>
        <translation>无法播放</translation>
    </message>
    <message>
        <source>how the cameras stand: on line, off line since when, last picture</source>
        <translation>摄像机状态：在线、离线起始时间、最近画面</translation>
    </message>
    <message>
        <source>on the wall: {name}</source>
        <translation>大屏显示：{name}</translation>
    </message>
    <message>
        <source>one round, then end</source>
        <translation>只巡检一轮</translation>
    </message>
    <message>
        <source>patrol {name}: {seconds} s at each stop</source>
        <translation>轮巡“{name}”：每组停留 {seconds} 秒</translation>
    </message>
    <message>
        <source>questions a second</source>
        <translation>每秒询问次数</translation>
    </message>
    <message>
        <source>tell the wall what to show: a named wall or patrol, or auto</source>
        <translation>指定大屏显示的视频墙或轮巡，auto 为自动</translation>
    </message>
    <message>
        <source>the named video walls and patrols of the seat, and what the wall shows</source>
        <translation>本席位的视频墙、轮巡及大屏当前显示</translation>
    </message>
    <message>
        <source>tiles: 1, 4, 6, 9, 16 or 25; 0: as many as there is room for</source>
        <translation>画面数：1、4、6、9、16 或 25；0 为按空间自动</translation>
    </message>
    <message>
        <source>visitors' mode: blur the pictures on desk and wall</source>
        <translation>参观模式：模糊中屏与大屏的画面</translation>
    </message>
    <message>
        <source>wall {name}: {count} tiles, {cameras} cameras</source>
        <translation>视频墙“{name}”：{count} 画面，{cameras} 路摄像机</translation>
    </message>
    <message>
        <source>write the list of all cameras: .csv or .xlsx</source>
        <translation>导出全部摄像机列表：.csv 或 .xlsx</translation>
    </message>
    <message>
        <source>{area}: {online} of {all} on line, {offline} off line</source>
        <translation>{area}：共 {all} 路，在线 {online}，离线 {offline}</translation>
    </message>
    <message>
        <source>{asked} asked in {seconds} s ({cpu} s of CPU): {online} on line, {offline} off line; {left_out} left out</source>
        <translation>{seconds} 秒询问 {asked} 路（CPU {cpu} 秒）：在线 {online}，离线 {offline}；未询问 {left_out}</translation>
    </message>
    <message>
        <source>{offline} of {total} cameras of {area} went off line together.</source>
        <translation>{area}共 {total} 路摄像机，其中 {offline} 路同时离线。</translation>
    </message>
    <message>
        <source>{total} cameras: {online} on line, {offline} off line, {unknown} unknown; {none} without address; outages: {outages}</source>
        <translation>摄像机 {total} 路：在线 {online}，离线 {offline}，未知 {unknown}；无地址 {none}；成片离线 {outages} 处</translation>
    </message>
    <message>
        <source>the camera keeps no presets</source>
        <translation>该摄像机不支持预置位</translation>
    </message>
    <message>
        <source>A preset of the platform is a number from 1 to {most}.</source>
        <translation>平台的预置位是 1 到 {most} 的编号。</translation>
    </message>
    <message>
        <source>A preset needs a name.</source>
        <translation>请填写预置位名称。</translation>
    </message>
</context>
</TS>
