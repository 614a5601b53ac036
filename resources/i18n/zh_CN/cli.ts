<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>text</name>
    <message>
        <source>A fault of this program: {why}. What was committed is kept.</source>
        <translation>程序自身出错：{why}。已提交的内容均已保留。</translation>
    </message>
    <message>
        <source>There is no benchmark {name}: {names}</source>
        <translation>没有名为 {name} 的基准测试，可用：{names}</translation>
    </message>
    <message>
        <source>read {read} = accepted {accepted} (updated {updated}) + rejected {rejected} + duplicates {duplicates}</source>
        <translation>读取 {read} = 接收 {accepted}（其中更新 {updated}）+ 拒收 {rejected} + 重复 {duplicates}</translation>
    </message>
    <message>
        <source>rejected rows with line and reason: {file}</source>
        <translation>拒收的行及其行号和原因：{file}</translation>
    </message>
    <message>
        <source>Incidents placed in these areas: {count}</source>
        <translation>按这些区域重新定位的事件：{count} 件</translation>
    </message>
    <message>
        <source>Incidents that would be placed in these areas: {count}</source>
        <translation>将按这些区域重新定位的事件：{count} 件</translation>
    </message>
    <message>
        <source>A dry run: nothing was changed.</source>
        <translation>仅为试运行，未作任何更改。</translation>
    </message>
    <message>
        <source>{seconds} s, {rate} rows/s, {memory} MB</source>
        <translation>用时 {seconds} 秒，{rate} 行/秒，内存 {memory} MB</translation>
    </message>
    <message>
        <source>Name the pack: pack rollback ID (pack list shows them).</source>
        <translation>请指明数据包：pack rollback ID（用 pack list 查看）。</translation>
    </message>
    <message>
        <source>There is no pack {pack} in force.</source>
        <translation>没有正在生效的数据包 {pack}。</translation>
    </message>
    <message>
        <source>{count} rows taken back.</source>
        <translation>已撤回 {count} 行。</translation>
    </message>
    <message>
        <source>There is a store in {folder} already; it was left as it is.</source>
        <translation>{folder} 中已有数据库，未作改动。</translation>
    </message>
    <message>
        <source>There is no time zone {zone}; name one like Asia/Shanghai</source>
        <translation>没有时区 {zone}，请用 Asia/Shanghai 这样的名称</translation>
    </message>
    <message>
        <source>Founded in {folder}</source>
        <translation>已建立于 {folder}</translation>
    </message>
    <message>
        <source>There is no file {file}</source>
        <translation>没有文件 {file}</translation>
    </message>
    <message>
        <source>Building the demo district …</source>
        <translation>正在生成演示辖区……</translation>
    </message>
    <message>
        <source>The store in {folder} is no demo; choose another folder with --data.</source>
        <translation>{folder} 中的数据库不是演示库，请用 --data 另选文件夹。</translation>
    </message>
    <message>
        <source>The demo district lies in {folder}</source>
        <translation>演示辖区位于 {folder}</translation>
    </message>
    <message>
        <source>There is no display: the screens were painted into {files}</source>
        <translation>没有显示器：已将界面绘制为 {files}</translation>
    </message>
    <message>
        <source>A scenario never plays on a live store.</source>
        <translation>演练场景绝不在正式数据库上运行。</translation>
    </message>
    <message>
        <source>{file}: {size} kB, self-contained</source>
        <translation>{file}：{size} kB，单文件，无需联网</translation>
    </message>
    <message>
        <source>{file} painted.</source>
        <translation>已绘制 {file}。</translation>
    </message>
    <message>
        <source>{file} cannot be written: the folder must exist and the name end in .png</source>
        <translation>无法写入 {file}：文件夹须存在，文件名须以 .png 结尾</translation>
    </message>
    <message>
        <source>There is no display. Start it in a graphical session, or paint a picture with: main.py shot desk --out desk.png</source>
        <translation>没有显示器。请在图形会话中启动，或用以下命令绘制图片：main.py shot desk --out desk.png</translation>
    </message>
    <message>
        <source>Say who you are: --as OPERATOR. This store knows: {names}</source>
        <translation>请说明操作员身份：--as OPERATOR。本库已登记：{names}</translation>
    </message>
    <message>
        <source>The password of {operator} is missing or wrong.</source>
        <translation>{operator} 的密码缺失或错误。</translation>
    </message>
    <message>
        <source>There is no operator {operator}. This store knows: {names}</source>
        <translation>没有操作员 {operator}。本库已登记：{names}</translation>
    </message>
    <message>
        <source>on time {good} of {all}</source>
        <translation>按期 {good} / {all}</translation>
    </message>
    <message>
        <source>There is no tab {tab}: {tabs}</source>
        <translation>没有标签 {tab}，可用：{tabs}</translation>
    </message>
    <message>
        <source>Nothing here.</source>
        <translation>此处为空。</translation>
    </message>
    <message>
        <source>{count} incidents match {text}: give the whole number. {some}</source>
        <translation>有 {count} 件与 {text} 相符，请给出完整编号。{some}</translation>
    </message>
    <message>
        <source>{count} incidents bear the number {text}: give the id. {some}</source>
        <translation>有 {count} 件的编号都是 {text}，请给出 id。{some}</translation>
    </message>
    <message>
        <source>More than {count} incidents match {text}: give the whole number. {some}</source>
        <translation>有超过 {count} 件与 {text} 相符，请给出完整编号。{some}</translation>
    </message>
    <message>
        <source>There is no act named {verb}. Known: {verbs}</source>
        <translation>没有名为 {verb} 的操作，可用：{verbs}</translation>
    </message>
    <message>
        <source>{word}: expected NAME=VALUE</source>
        <translation>{word}：应为 名称=值</translation>
    </message>
    <message>
        <source>operator add NAME --role ROLE [--role ROLE] [--area AREA]</source>
        <translation>operator add 名称 --role 角色 [--role 角色] [--area 区域]</translation>
    </message>
    <message>
        <source>There is no role {role}. Known: {roles}</source>
        <translation>没有角色 {role}，可用：{roles}</translation>
    </message>
    <message>
        <source>No operators yet: the store is open to whoever uses this machine.</source>
        <translation>尚无操作员：凡使用本机者均可操作此库。</translation>
    </message>
    <message>
        <source>A password needs at least 8 characters; give it by --password-file, LIANDONG_PASSWORD or at the prompt.</source>
        <translation>密码至少 8 个字符；可用 --password-file、环境变量 LIANDONG_PASSWORD 或在提示处输入。</translation>
    </message>
    <message>
        <source>Only a security administrator erases personal data.</source>
        <translation>只有安全管理员可以删除个人信息。</translation>
    </message>
    <message>
        <source>{value}: expected a number of days</source>
        <translation>{value}：应为天数</translation>
    </message>
    <message>
        <source>{count} personal records erased, {files} files of refused rows removed.</source>
        <translation>已删除 {count} 条个人信息，移除 {files} 个拒收行文件。</translation>
    </message>
    <message>
        <source>{count} events verified; the chain's head is {no} {hash}</source>
        <translation>已核验 {count} 条事件；链首为 {no} {hash}</translation>
    </message>
    <message>
        <source>{count} events folded; the projections were equal.</source>
        <translation>已重放 {count} 条事件，与现有数据一致。</translation>
    </message>
    <message>
        <source>{count} events folded; the projections had differed and are mended.</source>
        <translation>已重放 {count} 条事件；现有数据曾有差异，已修复。</translation>
    </message>
    <message>
        <source>open {open}, overdue {overdue}, today {today}</source>
        <translation>在办 {open}，超期 {overdue}，今日 {today}</translation>
    </message>
    <message>
        <source>build the demo district if need be, then show desk and wall and play</source>
        <translation>必要时生成演示辖区，然后打开中屏和大屏并播放场景</translation>
    </message>
    <message>
        <source>how fast the demo's time runs, 1 to 60</source>
        <translation>演示时间的倍速，1 到 60</translation>
    </message>
    <message>
        <source>only build it</source>
        <translation>只生成，不打开</translation>
    </message>
    <message>
        <source>seed of the generated district</source>
        <translation>生成辖区的随机种子</translation>
    </message>
    <message>
        <source>folder of the pictures without a display</source>
        <translation>没有显示器时图片的文件夹</translation>
    </message>
    <message>
        <source>play the scenario on a demo store that is built (started by demo)</source>
        <translation>在已生成的演示库上播放场景（由 demo 启动）</translation>
    </message>
    <message>
        <source>stop after so many seconds; 0: never</source>
        <translation>多少秒后停止；0 为不停</translation>
    </message>
    <message>
        <source>seed of the scenario</source>
        <translation>场景的随机种子</translation>
    </message>
    <message>
        <source>the dispatcher's desk</source>
        <translation>调度中屏</translation>
    </message>
    <message>
        <source>the wall</source>
        <translation>指挥大屏</translation>
    </message>
    <message>
        <source>colours</source>
        <translation>配色</translation>
    </message>
    <message>
        <source>full screen; Ctrl+Shift+Q leaves</source>
        <translation>全屏，按 Ctrl+Shift+Q 退出</translation>
    </message>
    <message>
        <source>which monitor, from 0</source>
        <translation>第几台显示器，从 0 起</translation>
    </message>
    <message>
        <source>viewing distance in metres</source>
        <translation>观看距离（米）</translation>
    </message>
    <message>
        <source>paint a screen's real state into a picture, without a display</source>
        <translation>无需显示器，把界面的真实状态绘制成图片</translation>
    </message>
    <message>
        <source>the incident to show</source>
        <translation>要显示的事件</translation>
    </message>
    <message>
        <source>found a store for a district</source>
        <translation>为一个辖区建立数据库</translation>
    </message>
    <message>
        <source>name of the district</source>
        <translation>辖区名称</translation>
    </message>
    <message>
        <source>name of the centre</source>
        <translation>中心名称</translation>
    </message>
    <message>
        <source>bring a list of the city in</source>
        <translation>导入一份城市数据</translation>
    </message>
    <message>
        <source>a shipped profile's name or a TOML file</source>
        <translation>内置导入方案的名称，或一个 TOML 文件</translation>
    </message>
    <message>
        <source>coordinate system: wgs84, gcj02, bd09 or epsg:CODE</source>
        <translation>坐标系：wgs84、gcj02、bd09 或 epsg:代码</translation>
    </message>
    <message>
        <source>say what would happen, change nothing</source>
        <translation>只说明会发生什么，不作更改</translation>
    </message>
    <message>
        <source>list imported packs, or roll one back</source>
        <translation>列出已导入的数据包，或撤回其中一个</translation>
    </message>
    <message>
        <source>list the shipped import profiles</source>
        <translation>列出内置的导入方案</translation>
    </message>
    <message>
        <source>play a city's incidents as if live, in a drill store</source>
        <translation>在演练库中把一座城市的历史事件当作实时播放</translation>
    </message>
    <message>
        <source>the city's areas, brought in first</source>
        <translation>该城市的区域，先行导入</translation>
    </message>
    <message>
        <source>times real time, or max</source>
        <translation>实时的倍数，或 max</translation>
    </message>
    <message>
        <source>every number that the screens show</source>
        <translation>各屏显示的全部数字</translation>
    </message>
    <message>
        <source>list incidents in the queue's order</source>
        <translation>按队列顺序列出事件</translation>
    </message>
    <message>
        <source>one incident with its timeline and what may be done</source>
        <translation>一件事件的办理过程及可执行的操作</translation>
    </message>
    <message>
        <source>take an incident in</source>
        <translation>上报一件事件</translation>
    </message>
    <message>
        <source>do a verb upon an incident: act NUMBER VERB name=value ...</source>
        <translation>对事件执行操作：act 编号 操作 名称=值 ...</translation>
    </message>
    <message>
        <source>make a report: map, handovers</source>
        <translation>生成报告：map、handovers</translation>
    </message>
    <message>
        <source>list, add or change operators</source>
        <translation>列出、添加或更改操作员</translation>
    </message>
    <message>
        <source>erase personal data; the log stays whole</source>
        <translation>删除个人信息，日志保持完整</translation>
    </message>
    <message>
        <source>the record's id, or a number of days</source>
        <translation>记录编号，或天数</translation>
    </message>
    <message>
        <source>verify the seat's chain of events</source>
        <translation>核验本席事件链</translation>
    </message>
    <message>
        <source>fold the whole log again and compare</source>
        <translation>重放全部日志并比对</translation>
    </message>
    <message>
        <source>measure, as ratios within one run</source>
        <translation>基准测量，以同一次运行内的比值表示</translation>
    </message>
    <message>
        <source>a short run, figures less sure</source>
        <translation>短时运行，数字不够稳定</translation>
    </message>
    <message>
        <source>Stopped. What was committed is kept.</source>
        <translation>已停止。已提交的均已保留。</translation>
    </message>
    <message>
        <source>data folder (default: the platform's own)</source>
        <translation>数据文件夹（默认为系统的用户数据目录）</translation>
    </message>
    <message>
        <source>language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>who acts</source>
        <translation>操作员</translation>
    </message>
    <message>
        <source>print one JSON object and nothing else</source>
        <translation>只输出一个 JSON 对象</translation>
    </message>
    <message>
        <source>Liandong: the command centre of a city district.</source>
        <translation>联动：城区智慧联动指挥中心。</translation>
    </message>
    <message>
        <source>Stopped. What was played is kept; the same command goes on from there.</source>
        <translation>已停止。已播放的部分保留；再次运行同一命令将从此处继续。</translation>
    </message>
    <message>
        <source>A replay never runs on a live store; choose another folder with --data.</source>
        <translation>历史回放绝不在正式数据库上运行，请用 --data 另选文件夹。</translation>
    </message>
    <message>
        <source>Look at it: main.py desk --data {folder}</source>
        <translation>查看：main.py desk --data {folder}</translation>
    </message>
    <message>
        <source>The size of texts follows from both: --distance M and --height M of the wall.</source>
        <translation>字号由两者共同决定：请同时给出大屏的 --distance（观看距离，米）和 --height（屏高，米）。</translation>
    </message>
    <message>
        <source>height of it (m)</source>
        <translation>大屏高度（米）</translation>
    </message>
    <message>
        <source>name of the source</source>
        <translation>数据来源的名称</translation>
    </message>
    <message>
        <source>time zone of times without one</source>
        <translation>未带时区的时间所用的时区</translation>
    </message>
    <message>
        <source>show, set or clear the raster background of this seat's map</source>
        <translation>查看、设置或清除本席位地图的栅格底图</translation>
    </message>
    <message>
        <source>the file, or the address of the tiles</source>
        <translation>文件，或瓦片的地址</translation>
    </message>
    <message>
        <source>whose map it is; shown on the map</source>
        <translation>地图的版权归属，标注在地图上</translation>
    </message>
    <message>
        <source>approval number of the map; shown on the map</source>
        <translation>审图号，标注在地图上</translation>
    </message>
    <message>
        <source>environment variable with the key</source>
        <translation>存放密钥的环境变量名</translation>
    </message>
    <message>
        <source>layer of a WMTS or of tianditu (vec, img, cva, cia)</source>
        <translation>WMTS 或天地图的图层（vec、img、cva、cia）</translation>
    </message>
    <message>
        <source>matrix set of a WMTS</source>
        <translation>WMTS 的瓦片矩阵集</translation>
    </message>
    <message>
        <source>name of the key in a WMTS's address</source>
        <translation>WMTS 地址中密钥参数的名称</translation>
    </message>
    <message>
        <source>finest zoom that the tiles have</source>
        <translation>瓦片的最大级别</translation>
    </message>
    <message>
        <source>The map has no raster background now.</source>
        <translation>地图已不再使用栅格底图。</translation>
    </message>
    <message>
        <source>No raster background is set; the map shows its vector base.</source>
        <translation>未设置栅格底图，地图显示矢量底图。</translation>
    </message>
    <message>
        <source>Name the kind: basemap set mbtiles FILE, xyz URL, wmts URL or tianditu</source>
        <translation>请指明种类：basemap set mbtiles 文件、xyz 地址、wmts 地址或 tianditu</translation>
    </message>
    <message>
        <source>Name the file or the address: basemap set {kind} ...</source>
        <translation>请指明文件或地址：basemap set {kind} …</translation>
    </message>
    <message>
        <source>{kind} needs {option}</source>
        <translation>{kind} 需要参数 {option}</translation>
    </message>
    <message>
        <source>There is no store in {folder}; found one first: main.py init</source>
        <translation>{folder} 中没有数据库，请先建立：main.py init</translation>
    </message>
    <message>
        <source>The map's background is {name}, zooms {low} to {high}. It can be put away in the layer panel (L).</source>
        <translation>地图底图已设为 {name}，级别 {low} 至 {high}。可在图层面板（L）中关闭。</translation>
    </message>
    <message>
        <source>shown on the map: {credit}</source>
        <translation>地图上标注：{credit}</translation>
    </message>
    <message>
        <source>key from the environment variable {name}</source>
        <translation>密钥取自环境变量 {name}</translation>
    </message>
    <message>
        <source>key from the environment variable {name}, which is not set here</source>
        <translation>密钥取自环境变量 {name}，此处未设置</translation>
    </message>
    <message>
        <source>The first operator must be the one who adds the others: operator add NAME --role security_admin</source>
        <translation>第一位操作员须能添加其他人：operator add 名称 --role security_admin</translation>
    </message>
    <message>
        <source>Only a security administrator adds or changes operators.</source>
        <translation>只有安全管理员可以添加或更改操作员。</translation>
    </message>
    <message>
        <source>There is an operator {operator} already; --change changes them.</source>
        <translation>已有操作员 {operator}；如需更改请加 --change。</translation>
    </message>
    <message>
        <source>change an operator who is there</source>
        <translation>更改已有的操作员</translation>
    </message>
    <message>
        <source>a time zone's name like Asia/Shanghai</source>
        <translation>一个时区名，例如 Asia/Shanghai</translation>
    </message>
    <message>
        <source>Only cameras come from a platform: import cameras wvp://host:port</source>
        <translation>只有视频点位可从平台导入：import cameras wvp://host:port</translation>
    </message>
    <message>
        <source>{unit}: waiting for {link} (Ctrl+C ends)</source>
        <translation>{unit}：等待 {link}（Ctrl+C 结束）</translation>
    </message>
    <message>
        <source>{messages} messages, {bad} broken; {heartbeats} heartbeats, {positions} positions, {written} written; link lost {lost} times</source>
        <translation>报文 {messages} 条，损坏 {bad} 处；心跳 {heartbeats} 次，定位 {positions} 个，写入 {written} 个；失联 {lost} 次</translation>
    </message>
    <message>
        <source>There is no drone {name}; forces of kind drone: {there}</source>
        <translation>没有无人机 {name}；现有无人机类力量：{there}</translation>
    </message>
    <message>
        <source>reached again</source>
        <translation>已重新连上</translation>
    </message>
    <message>
        <source>link stands</source>
        <translation>链路正常</translation>
    </message>
    <message>
        <source>link lost</source>
        <translation>链路中断</translation>
    </message>
    <message>
        <source>battery low: {percent} % (limit {limit} %)</source>
        <translation>电量低：{percent} %（门限 {limit} %）</translation>
    </message>
    <message>
        <source>read {read} = incidents {incidents} + known {known} + repeats {repeats} + device faults {faults} + rejected {rejected} + left to the next run {again}</source>
        <translation>读取 {read} = 事件 {incidents} + 已有 {known} + 重复 {repeats} + 设备故障 {faults} + 拒收 {rejected} + 留待下次 {again}</translation>
    </message>
    <message>
        <source>The platform {host} has no channel.</source>
        <translation>平台 {host} 没有通道。</translation>
    </message>
    <message>
        <source>{count} channels, {online} on line</source>
        <translation>通道 {count} 个，在线 {online} 个</translation>
    </message>
    <message>
        <source>a file; for cameras also a platform: wvp://host:port</source>
        <translation>文件；视频点位也可为平台：wvp://host:port</translation>
    </message>
    <message>
        <source>cameras' streams and the platforms behind them</source>
        <translation>摄像机视频流及其接入平台</translation>
    </message>
    <message>
        <source>rtsp, http, hls, wvp, onvif or a file; without a password in it</source>
        <translation>rtsp、http、hls、wvp、onvif 或文件；不含密码</translation>
    </message>
    <message>
        <source>a WVP-GB28181 platform: its channels as cameras, its alarms as incidents</source>
        <translation>WVP-GB28181 平台：通道导入为视频点位，报警转为事件</translation>
    </message>
    <message>
        <source>wvp://host:port; its log-in stands in camera-logins</source>
        <translation>wvp://host:port；登录信息写在 camera-logins</translation>
    </message>
    <message>
        <source>take alarms again and again, every so many seconds</source>
        <translation>每隔若干秒反复取报警</translation>
    </message>
    <message>
        <source>a drone's position, height, battery and link, by MAVLink</source>
        <translation>无人机位置、高度、电量与链路（MAVLink）</translation>
    </message>
    <message>
        <source>udp:PORT, udp:HOST:PORT, tcp:HOST:PORT or file:PATH.tlog</source>
        <translation>udp:端口、udp:主机:端口、tcp:主机:端口 或 file:路径.tlog</translation>
    </message>
    <message>
        <source>the force of kind drone that it is</source>
        <translation>对应的无人机类力量</translation>
    </message>
    <message>
        <source>MAVLink system id (default: the first vehicle heard)</source>
        <translation>MAVLink 系统号（默认：最先收到的飞行器）</translation>
    </message>
    <message>
        <source>pace of a file; 0: at once</source>
        <translation>文件播放速度；0：立即</translation>
    </message>
    <message>
        <source>end after so long</source>
        <translation>到时结束（秒）</translation>
    </message>
    <message>
        <source>ask a network once which ONVIF cameras it has; changes nothing</source>
        <translation>在指定网络上查询一次 ONVIF 摄像机；不作任何更改</translation>
    </message>
    <message>
        <source>IPv4 address of this machine on that network</source>
        <translation>本机在该网络上的 IPv4 地址</translation>
    </message>
    <message>
        <source>how long to listen, 15 at most</source>
        <translation>监听时长（秒，最多 15）</translation>
    </message>
    <message>
        <source>No camera answered.</source>
        <translation>没有摄像机应答。</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>整数</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>数字</translation>
    </message>
    <message>
        <source>a path</source>
        <translation>路径</translation>
    </message>
    <message>
        <source>a value of the right kind</source>
        <translation>正确类型的值</translation>
    </message>
    <message>
        <source>{name}: {rest}</source>
        <translation>{name}：{rest}</translation>
    </message>
    <message>
        <source>a value is missing</source>
        <translation>缺少取值</translation>
    </message>
    <message>
        <source>{n} values are expected</source>
        <translation>需要 {n} 个取值</translation>
    </message>
    <message>
        <source>{got} is not known; there are: {known}</source>
        <translation>没有 {got}，可用：{known}</translation>
    </message>
    <message>
        <source>{got} is not {kind}</source>
        <translation>{got} 不是{kind}</translation>
    </message>
    <message>
        <source>still missing: {names}</source>
        <translation>还缺少：{names}</translation>
    </message>
    <message>
        <source>not understood: {names}</source>
        <translation>无法识别：{names}</translation>
    </message>
    <message>
        <source>{got} could mean any of: {known}</source>
        <translation>{got} 含义不明，可能是：{known}</translation>
    </message>
    <message>
        <source>takes no value, got {got}</source>
        <translation>不带取值，却给了 {got}</translation>
    </message>
    <message>
        <source>usage: </source>
        <translation>用法：</translation>
    </message>
    <message>
        <source>arguments</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>options</source>
        <translation>选项</translation>
    </message>
    <message>
        <source>show this help and end</source>
        <translation>显示帮助并结束</translation>
    </message>
    <message>
        <source>what to do (default: demo); COMMAND --help says more</source>
        <translation>做什么（默认 demo）；COMMAND --help 查看详情</translation>
    </message>
    <message>
        <source>from 1 to 60</source>
        <translation>应为 1 至 60</translation>
    </message>
    <message>
        <source>{word} is not from 1 to 1000000</source>
        <translation>{word} 不在 1 至 1000000 之间</translation>
    </message>
    <message>
        <source>{word} is no size like 1920x1080</source>
        <translation>{word} 不是 1920x1080 这样的尺寸</translation>
    </message>
    <message>
        <source>{word} is not from 320x240 to 15360x8640</source>
        <translation>{word} 不在 320x240 至 15360x8640 之间</translation>
    </message>
    <message>
        <source>{word} is no LON,LAT in degrees</source>
        <translation>{word} 不是以度表示的 经度,纬度</translation>
    </message>
    <message>
        <source>live</source>
        <translation>正式</translation>
    </message>
    <message>
        <source>demo</source>
        <translation>演示</translation>
    </message>
    <message>
        <source>drill</source>
        <translation>演练</translation>
    </message>
    <message>
        <source>Your role may not bring lists in. These may: {roles}</source>
        <translation>您的角色不能导入数据。可以导入的角色：{roles}</translation>
    </message>
    <message>
        <source>There is no store in {folder} yet, and a dry run founds none. Found it first with: main.py init</source>
        <translation>{folder} 中还没有数据库，试运行不会建立。请先用 main.py init 建立</translation>
    </message>
    <message>
        <source>Windows cannot be shown without the system library {library}. Install it (Debian, Ubuntu: apt-get install {package}).</source>
        <translation>缺少系统库 {library}，无法显示窗口。请安装（Debian、Ubuntu：apt-get install {package}）。</translation>
    </message>
    <message>
        <source>The display {display} does not answer: is its X server running, and may this user use it? A picture needs none: main.py shot desk --out desk.png</source>
        <translation>显示器 {display} 没有响应：X 服务是否在运行，当前用户是否有权使用？只要图片则无需显示器：main.py shot desk --out desk.png</translation>
    </message>
    <message>
        <source>{what} cannot be used: {why}. What was committed is kept.</source>
        <translation>{what} 无法使用：{why}。已提交的内容均已保留。</translation>
    </message>
    <message>
        <source>a photo; may be repeated</source>
        <translation>一张照片，可重复</translation>
    </message>
    <message>
        <source>found, fixed and logged in one step: what was done</source>
        <translation>自办自结：处理结果</translation>
    </message>
    <message>
        <source>the force that fixed it</source>
        <translation>处理的力量</translation>
    </message>
    <message>
        <source>{file} is no picture: {kinds}</source>
        <translation>{file} 不是图片：{kinds}</translation>
    </message>
    <message>
        <source>{file} is too large: {size} MB, at most {most} MB</source>
        <translation>{file} 过大：{size} MB，最多 {most} MB</translation>
    </message>
    <message>
        <source>What was handled on the spot takes --kind, --place, --at, --photo and --unit only.</source>
        <translation>自办自结只接受 --kind、--place、--at、--photo 和 --unit。</translation>
    </message>
    <message>
        <source>There is no area {area} in the lists.</source>
        <translation>名录中没有区域 {area}。</translation>
    </message>
    <message>
        <source>There is no force {unit} in the lists.</source>
        <translation>名录中没有力量 {unit}。</translation>
    </message>
    <message>
        <source>the only area they see: id or code</source>
        <translation>只能看到的区域：标识或编码</translation>
    </message>
    <message>
        <source>the force they are</source>
        <translation>所属力量</translation>
    </message>
    <message>
        <source>Another program is bringing a list into this store just now. Nothing was changed; try again when it has ended.</source>
        <translation>另一程序正在向本数据库导入清单。未作任何改动；待其结束后再试。</translation>
    </message>
    <message>
        <source>Another program has dropped what was read of this list. Nothing of it is in force; bring it in again.</source>
        <translation>另一程序已丢弃这份清单已读入的内容。其中任何一行均未生效，请重新导入。</translation>
    </message>
    <message>
        <source>It was stopped while it was put into force: a part is in force. The next import goes on with it; pack rollback {pack} takes it back.</source>
        <translation>在生效过程中被中断：一部分已生效。下一次导入会接着完成；pack rollback {pack} 可将其撤回。</translation>
    </message>
    <message>
        <source>An import of {kind} from {source} was interrupted before any of it was in force; it was dropped.</source>
        <translation>来自 {source} 的 {kind} 导入在生效之前被中断，已丢弃。</translation>
    </message>
    <message>
        <source>An import of {kind} from {source} was interrupted; it goes on now.</source>
        <translation>来自 {source} 的 {kind} 导入曾被中断，现在继续。</translation>
    </message>
    <message>
        <source>Done; this operator sees the incident no longer.</source>
        <translation>已办理；该事件已不在此人员可见范围内。</translation>
    </message>
    <message>
        <source>Taken in; it lies outside the area that this operator sees.</source>
        <translation>已接报；该事件不在此人员可见范围内。</translation>
    </message>
    <message>
        <source>--select is for the desk: the wall shows the most urgent incident by itself, and the states of a tile know none.</source>
        <translation>--select 只用于指挥席：大屏自行显示最紧急的事件，画面状态图不涉及事件。</translation>
    </message>
    <message>
        <source>battery fine again, or on the ground</source>
        <translation>电量恢复，或已着陆</translation>
    </message>
    <message>
        <source>{wrong} ({verb} takes: {words})</source>
        <translation>{wrong}（{verb} 所需：{words}）</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>{count} forces are called {name}: give the id. {ids}</source>
        <translation>名为 {name} 的力量有 {count} 个，请给出编号。{ids}</translation>
    </message>
    <message>
        <source>{word} is no number of hours</source>
        <translation>{word} 不是小时数</translation>
    </message>
    <message>
        <source>{word} is no monitor's number (0 is the first)</source>
        <translation>{word} 不是显示器编号（0 为第一台）</translation>
    </message>
    <message>
        <source>in no grid</source>
        <translation>不在任何网格内</translation>
    </message>
    <message>
        <source>Shipped list {list}: {version} is in force now (before: {before}).</source>
        <translation>随附名录 {list}：{version} 已启用（原为 {before}）。</translation>
    </message>
    <message>
        <source>There is no list {list}. These are: {names}</source>
        <translation>没有代码表 {list}。现有：{names}</translation>
    </message>
    <message>
        <source>{wrong}. These are told by: main.py pack codes {list}</source>
        <translation>{wrong}。可用代码见：main.py pack codes {list}</translation>
    </message>
    <message>
        <source>pack codes kind tells them</source>
        <translation>代码见 pack codes kind</translation>
    </message>
    <message>
        <source>the way in; pack codes channel tells them</source>
        <translation>来源渠道；代码见 pack codes channel</translation>
    </message>
    <message>
        <source>There is no shipped list {list}. These are: {names}</source>
        <translation>没有随附名录 {list}。现有：{names}</translation>
    </message>
    <message>
        <source>a list of its own; {n} shipped codes are not in it</source>
        <translation>本区自有名录；随附名录中有 {n} 项不在其中</translation>
    </message>
    <message>
        <source>older than the shipped one ({version})</source>
        <translation>旧于随附版本（{version}）</translation>
    </message>
    <message>
        <source>as shipped</source>
        <translation>与随附版本一致</translation>
    </message>
    <message>
        <source>list imported packs, roll one back, show codes, or see to the shipped code lists</source>
        <translation>列出导入的名录、撤回某一批、查看代码，或处理随附名录</translation>
    </message>
    <message>
        <source>codes: the codes of a list (kind, channel, level ...) with their labels; shipped: how the shipped lists stand here; update: bring newer ones into force, or with a list's name what of it is missing here</source>
        <translation>codes：某一代码表（kind、channel、level 等）的代码与名称；shipped：随附名录在本席位的状态；update：启用较新的随附名录，给出名录名则补入缺少的项</translation>
    </message>
</context>
</TS>
