<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>text</name>
    <message>
        <source>  {name} ({centre}): shut out</source>
        <translation>  {name}（{centre}）：已停用</translation>
    </message>
    <message>
        <source>  {name} ({centre}): never heard</source>
        <translation>  {name}（{centre}）：从未连接</translation>
    </message>
    <message>
        <source>  {name} ({centre}): heard {age} s ago, behind by {behind}, {unsent} unsent</source>
        <translation>  {name}（{centre}）：{age} 秒前有联络，落后 {behind} 条，未发送 {unsent} 条</translation>
    </message>
    <message>
        <source>{name} is shut out.</source>
        <translation>{name} 已停用。</translation>
    </message>
    <message>
        <source>hub seat add NAME --centre CODE</source>
        <translation>用法：hub seat add 名称 --centre 中心代码</translation>
    </message>
    <message>
        <source>There is a file {path} already; it was left as it is.</source>
        <translation>文件 {path} 已存在，未作改动。</translation>
    </message>
    <message>
        <source>{name} may come in by {url}
Its secret lies in {path}: carry the file over, then delete it.</source>
        <translation>{name} 可以接入：{url}
密钥在 {path} 中：请把该文件带到席位机上，然后删除。</translation>
    </message>
    <message>
        <source>Centre {code} is known.</source>
        <translation>中心 {code} 已登记。</translation>
    </message>
    <message>
        <source>Say which hub: --hub URL, or LIANDONG_HUB.</source>
        <translation>请指明中心服务器：--hub 地址，或环境变量 LIANDONG_HUB。</translation>
    </message>
    <message>
        <source>A hub is prepared for a district: name its store with --data, or found one with: main.py init.</source>
        <translation>中心服务器是为一个区准备的：请用 --data 指明该区的数据目录，或先运行 main.py init。</translation>
    </message>
    <message>
        <source>district {district}, {seq} ordered, {refused} refused, {overtaken} overtaken, {mb} MB</source>
        <translation>区 {district}，已定序 {seq} 条，拒收 {refused} 条，被抢先 {overtaken} 条，{mb} MB</translation>
    </message>
    <message>
        <source>the hub that joins seats: prepare it, let seats in and out</source>
        <translation>联接各席位的中心服务器：准备、接入或停用席位</translation>
    </message>
    <message>
        <source>0600 file with the secret of the hub's owner</source>
        <translation>存放中心服务器所有者密钥的文件（权限 0600）</translation>
    </message>
    <message>
        <source>the hub's address</source>
        <translation>中心服务器地址</translation>
    </message>
    <message>
        <source>prepare a PostgreSQL database as hub of this district</source>
        <translation>把一个 PostgreSQL 数据库准备为本区中心服务器</translation>
    </message>
    <message>
        <source>head, seats and their age, refusals, size</source>
        <translation>进度、各席位及其时效、拒收、大小</translation>
    </message>
    <message>
        <source>let a seat in with a secret of its own, or shut it out</source>
        <translation>接入一个席位（各有密钥），或将其停用</translation>
    </message>
    <message>
        <source>the seat's centre</source>
        <translation>席位所属中心</translation>
    </message>
    <message>
        <source>file for the seat's secret</source>
        <translation>存放席位密钥的文件</translation>
    </message>
    <message>
        <source>add or change a centre and its area</source>
        <translation>登记或修改中心及其辖区</translation>
    </message>
    <message>
        <source>the area it sees</source>
        <translation>它能看到的区域</translation>
    </message>
    <message>
        <source>A hub's address looks like postgresql://ROLE@HOST:5432/DATABASE.</source>
        <translation>中心服务器地址形如 postgresql://角色@主机:5432/数据库。</translation>
    </message>
    <message>
        <source>A password in the hub's address is refused: others could read it in process lists. Put it into a file that only you may read, into {name}, or into the keyring.</source>
        <translation>中心服务器地址中不得带口令：他人可在进程列表中看到。请放入仅本人可读的文件、环境变量 {name} 或系统密钥环。</translation>
    </message>
    <message>
        <source>The file with the hub's secret cannot be read: {path}</source>
        <translation>中心服务器密钥文件无法读取：{path}</translation>
    </message>
    <message>
        <source>Others may read the file with the hub's secret: {path}. Type: chmod 600 on it.</source>
        <translation>中心服务器密钥文件 {path} 他人可读，请执行 chmod 600。</translation>
    </message>
    <message>
        <source>The file with the hub's secret is empty: {path}</source>
        <translation>中心服务器密钥文件为空：{path}</translation>
    </message>
    <message>
        <source>{path} cannot be written: {why}</source>
        <translation>{path} 无法写入：{why}</translation>
    </message>
    <message>
        <source>The hub could not be prepared: {why}. It is what it was before.</source>
        <translation>中心服务器未能准备好：{why}。它保持原样。</translation>
    </message>
    <message>
        <source>This is the hub of another district ({theirs}). Nothing was changed.</source>
        <translation>这是另一个区（{theirs}）的中心服务器，未作任何改动。</translation>
    </message>
    <message>
        <source>A seat's name is of lower-case letters, digits and _, at most 31: {name}</source>
        <translation>席位名称只能用小写字母、数字和下划线，最多 31 个字符：{name}</translation>
    </message>
    <message>
        <source>The hub knows no centre {code}: hub centre {code} first.</source>
        <translation>中心服务器尚未登记中心 {code}，请先执行 hub centre {code}。</translation>
    </message>
    <message>
        <source>There is a seat {name} of centre {centre} already.</source>
        <translation>已有属于中心 {centre} 的席位 {name}。</translation>
    </message>
    <message>
        <source>The hub knows no seat {name}.</source>
        <translation>中心服务器中没有席位 {name}。</translation>
    </message>
    <message>
        <source>The hub's order has a gap before {seq}.</source>
        <translation>中心服务器顺序在 {seq} 之前有缺失。</translation>
    </message>
    <message>
        <source>Row {seq} of the hub's order does not follow the one before it.</source>
        <translation>中心服务器顺序第 {seq} 行与前一行不衔接。</translation>
    </message>
    <message>
        <source>The body of row {seq} is missing or was changed.</source>
        <translation>第 {seq} 行的内容缺失或被改动。</translation>
    </message>
    <message>
        <source>The hub's order was cut: it ends at {seq}, its head says otherwise.</source>
        <translation>中心服务器顺序被截断：止于 {seq}，与链首记录不符。</translation>
    </message>
    <message>
        <source>The hub needs PostgreSQL {least} or later; this is {version}.</source>
        <translation>中心服务器需要 PostgreSQL {least} 或更高版本，当前为 {version}。</translation>
    </message>
    <message>
        <source>The hub's database must be encoded in UTF8; this one is not.</source>
        <translation>中心服务器数据库的编码必须是 UTF8，当前不是。</translation>
    </message>
    <message>
        <source>The hub reports: {why}</source>
        <translation>中心服务器报告：{why}</translation>
    </message>
    <message>
        <source>The hub is read-only (a standby).</source>
        <translation>中心服务器目前只读（备机）。</translation>
    </message>
    <message>
        <source>The hub's disk is full.</source>
        <translation>中心服务器磁盘已满。</translation>
    </message>
    <message>
        <source>The hub is out of memory.</source>
        <translation>中心服务器内存不足。</translation>
    </message>
    <message>
        <source>The hub takes no more connections.</source>
        <translation>中心服务器连接数已满。</translation>
    </message>
    <message>
        <source>The hub is just starting.</source>
        <translation>中心服务器正在启动。</translation>
    </message>
    <message>
        <source>The hub refuses this seat's secret; ask for a new one (hub seat add).</source>
        <translation>中心服务器不接受本席位的密钥，请申请新密钥（hub seat add）。</translation>
    </message>
    <message>
        <source>The hub does not let this seat in: unknown or revoked.</source>
        <translation>中心服务器不允许本席位接入：未登记或已停用。</translation>
    </message>
    <message>
        <source>There is no such database on the hub.</source>
        <translation>中心服务器上没有这个数据库。</translation>
    </message>
    <message>
        <source>The hub gives this role no right: it is no seat's.</source>
        <translation>中心服务器未授予该角色权限：它不属于任何席位。</translation>
    </message>
    <message>
        <source>The hub is of another version or was never prepared (hub init).</source>
        <translation>中心服务器版本不符，或尚未准备（hub init）。</translation>
    </message>
    <message>
        <source>This is the hub of another district.</source>
        <translation>这是另一个区的中心服务器。</translation>
    </message>
    <message>
        <source>This secret belongs to another seat; each needs its own (hub seat add).</source>
        <translation>该密钥属于另一席位，每个席位须有自己的密钥（hub seat add）。</translation>
    </message>
    <message>
        <source>The hub knows this seat under another centre than its store was founded for.</source>
        <translation>中心服务器登记的本席位所属中心与本数据目录不符。</translation>
    </message>
    <message>
        <source>The hub cannot be reached.</source>
        <translation>无法连接中心服务器。</translation>
    </message>
    <message>
        <source>{trouble} Work goes on here; what is done is sent when it is over.</source>
        <translation>{trouble}本席位照常工作，恢复后自动补发。</translation>
    </message>
    <message>
        <source>join this hub (kept from then on); off: leave it</source>
        <translation>加入该中心服务器（此后一直有效）；off 表示脱离</translation>
    </message>
    <message>
        <source>0600 file with this seat's secret, taken over once</source>
        <translation>存放本席位密钥的文件（权限 0600），只需导入一次</translation>
    </message>
    <message>
        <source>this seat and the hub: join, sync without a screen, see how it stands</source>
        <translation>本席位与中心服务器：加入、无界面同步、查看状态</translation>
    </message>
    <message>
        <source>the hub's address, for join</source>
        <translation>中心服务器地址（用于 join）</translation>
    </message>
    <message>
        <source>The hub's address must name this seat's role, as hub seat add told it.</source>
        <translation>中心服务器地址须写明本席位的角色，见 hub seat add 的输出。</translation>
    </message>
    <message>
        <source>sync join URL [--secret-file F]</source>
        <translation>用法：sync join 地址 [--secret-file 文件]</translation>
    </message>
    <message>
        <source>This seat belongs to no hub: sync join URL first.</source>
        <translation>本席位未加入中心服务器，请先执行 sync join 地址。</translation>
    </message>
    <message>
        <source>Syncing; Ctrl+C ends it.</source>
        <translation>正在同步，按 Ctrl+C 结束。</translation>
    </message>
    <message>
        <source>{sent} sent; holds {reached} of {head}.</source>
        <translation>已发送 {sent} 条；已有 {reached} / {head} 条。</translation>
    </message>
    <message>
        <source>Another program of this seat is syncing already.</source>
        <translation>本席位的另一程序正在同步。</translation>
    </message>
    <message>
        <source>{mode}: holds {reached}, behind by {behind}, {unsent} unsent</source>
        <translation>{mode}：已有 {reached} 条，落后 {behind} 条，未发送 {unsent} 条</translation>
    </message>
    <message>
        <source>alone, no hub</source>
        <translation>单席运行，未设中心服务器</translation>
    </message>
    <message>
        <source>connected</source>
        <translation>已连接</translation>
    </message>
    <message>
        <source>connected, behind</source>
        <translation>已连接，落后</translation>
    </message>
    <message>
        <source>off the hub</source>
        <translation>与中心服务器断开</translation>
    </message>
    <message>
        <source>by files</source>
        <translation>以文件交换</translation>
    </message>
    <message>
        <source>The hub's order does not follow what this seat holds (row {seq}).</source>
        <translation>中心服务器顺序与本席位所存不衔接（第 {seq} 行）。</translation>
    </message>
    <message>
        <source>The event of row {seq} of the hub's order is not the one that was ordered.</source>
        <translation>中心服务器顺序第 {seq} 行的事件与定序时不一致。</translation>
    </message>
    <message>
        <source>{count} events claim a place that the hub's order does not give them.</source>
        <translation>{count} 条事件所在位置与中心服务器顺序不符。</translation>
    </message>
    <message>
        <source>There is no PostgreSQL on this machine: apt-get install postgresql.</source>
        <translation>本机没有 PostgreSQL，请先安装：apt-get install postgresql。</translation>
    </message>
    <message>
        <source>limits: photos and files take at most so many kB/s of the line</source>
        <translation>limits：照片和文件最多占用线路的 kB/s</translation>
    </message>
    <message>
        <source>limits: this seat keeps tracks of forces for so long</source>
        <translation>limits：本席位保留力量轨迹的小时数</translation>
    </message>
    <message>
        <source>whether it is given personal data of its area (default: yes)</source>
        <translation>是否向其提供辖区内的个人信息（默认：是）</translation>
    </message>
    <message>
        <source>how often tracks of forces are sampled and how long the hub keeps them</source>
        <translation>力量轨迹的采样间隔和中心服务器的保留时间</translation>
    </message>
    <message>
        <source>seconds between two points</source>
        <translation>两点之间的秒数</translation>
    </message>
    <message>
        <source>The hub keeps a point of each track every {every} s, for {hours} h.</source>
        <translation>中心服务器每 {every} 秒为每条轨迹保留一个点，保留 {hours} 小时。</translation>
    </message>
    <message>
        <source>files: at most {rate} kB/s, {owed} to send, {wanted} to fetch; tracks are kept for {hours} h</source>
        <translation>文件：最多 {rate} kB/s，待发 {owed} 个，待取 {wanted} 个；轨迹保留 {hours} 小时</translation>
    </message>
    <message>
        <source>This seat does not exchange by files: sync join files --name NAME --key KEY first.</source>
        <translation>本席位未使用文件交换，请先执行 sync join files --name 名称 --key 密钥。</translation>
    </message>
    <message>
        <source>It does not fit one file: name a folder, {count} files will lie in it.</source>
        <translation>一个文件放不下：请指定文件夹，其中将有 {count} 个文件。</translation>
    </message>
    <message>
        <source>The file {name} goes to the hub, not to a seat. Nothing of it was taken in.</source>
        <translation>文件 {name} 是发给中心服务器的，不是发给席位的。内容一概未接收。</translation>
    </message>
    <message>
        <source>The file {name} goes to a seat, not to the hub. Nothing of it was taken in.</source>
        <translation>文件 {name} 是发给席位的，不是发给中心服务器的。内容一概未接收。</translation>
    </message>
    <message>
        <source>The file {name} is for the seat {theirs}; this is {ours}. Nothing of it was taken in.</source>
        <translation>文件 {name} 是发给席位 {theirs} 的，这里是 {ours}。内容一概未接收。</translation>
    </message>
    <message>
        <source>The file {name} had waited and was set aside ({folder}): {why}</source>
        <translation>等候中的文件 {name} 已移到一边（{folder}）：{why}</translation>
    </message>
    <message>
        <source>File {missing} to this seat is missing; file {no} is kept and taken in after it.</source>
        <translation>缺少发给本席位的第 {missing} 号文件；第 {no} 号文件已保存，待其到达后接收。</translation>
    </message>
    <message>
        <source>File {no} is of an order that the hub has no more; nothing of it was taken in.</source>
        <translation>第 {no} 号文件所属的顺序在中心服务器上已不再有效；内容一概未接收。</translation>
    </message>
    <message>
        <source>File {missing} to this seat never came; nothing of it is lacking.</source>
        <translation>发给本席位的第 {missing} 号文件始终未到；其内容并无缺失。</translation>
    </message>
    <message>
        <source>The hub was restored since this file was written: send a file there and fetch another one. Nothing of it was taken in.</source>
        <translation>写出此文件之后中心服务器曾被恢复：请先发一个文件过去，再取一个新的。内容一概未接收。</translation>
    </message>
    <message>
        <source>The hub has no key of the seat {name}: hub seat key {name} KEY first.</source>
        <translation>中心服务器没有席位 {name} 的密钥，请先执行 hub seat key {name} 密钥。</translation>
    </message>
    <message>
        <source>File {missing} of the seat {name} is missing; file {no} is kept and taken in after it.</source>
        <translation>缺少席位 {name} 的第 {missing} 号文件；第 {no} 号文件已保存，待其到达后接收。</translation>
    </message>
    <message>
        <source>Files {first}–{last} of the seat {name} never came; nothing of them is lacking.</source>
        <translation>席位 {name} 的第 {first}–{last} 号文件始终未到；其内容并无缺失。</translation>
    </message>
    <message>
        <source>The seat {name} has sent no file yet: its first one tells what it holds.</source>
        <translation>席位 {name} 尚未发来任何文件：第一个文件会说明它已有什么。</translation>
    </message>
    <message>
        <source>The key {path} for exchange by files cannot be used: {why}</source>
        <translation>文件交换的密钥 {path} 无法使用：{why}</translation>
    </message>
    <message>
        <source>This is no key of an exchange: {text}. It begins with ed25519: and is told by sync key and by sync carry.</source>
        <translation>这不是交换密钥：{text}。密钥以 ed25519: 开头，由 sync key 和 sync carry 给出。</translation>
    </message>
    <message>
        <source>The signature of {name} does not stand: a byte was changed on the way, or another key signed it. Nothing of it was taken in.</source>
        <translation>{name} 的签名不成立：途中有字节被改动，或由别的密钥签署。内容一概未接收。</translation>
    </message>
    <message>
        <source>The file {name} was written by a newer version of the program. Nothing of it was taken in.</source>
        <translation>文件 {name} 由更新版本的程序写出。内容一概未接收。</translation>
    </message>
    <message>
        <source>The file {name} cannot be read: {why}</source>
        <translation>文件 {name} 无法读取：{why}</translation>
    </message>
    <message>
        <source>The file {name} is no exchange file, or is damaged. Nothing of it was taken in.</source>
        <translation>文件 {name} 不是交换文件，或已损坏。内容一概未接收。</translation>
    </message>
    <message>
        <source>The file {name} cannot be written: {why}</source>
        <translation>文件 {name} 无法写出：{why}</translation>
    </message>
    <message>
        <source>sync export FILE --to hub|NAME, sync import FILE</source>
        <translation>sync export 文件 --to hub|名称，sync import 文件</translation>
    </message>
    <message>
        <source>sync join files --name NAME --key KEY</source>
        <translation>sync join files --name 名称 --key 密钥</translation>
    </message>
    <message>
        <source>This seat exchanges by files as {name}. Its own key, for hub seat key: {key}</source>
        <translation>本席位以 {name} 的名称用文件交换。本席位的密钥（用于 hub seat key）：{key}</translation>
    </message>
    <message>
        <source>sync carry NAME URL --secret-file F</source>
        <translation>sync carry 名称 地址 --secret-file 文件</translation>
    </message>
    <message>
        <source>Files of {name} are carried from here. The key of this side, for sync join files there: {key}</source>
        <translation>{name} 的文件由此处传送。此处的密钥（用于对方的 sync join files）：{key}</translation>
    </message>
    <message>
        <source>Files of the seat {name} are not carried from here: sync carry {name} URL first.</source>
        <translation>席位 {name} 的文件不由此处传送，请先执行 sync carry {name} 地址。</translation>
    </message>
    <message>
        <source>{files} files taken in, {rows} events, {points} points of tracks; {waiting} wait for an earlier one.</source>
        <translation>接收 {files} 个文件、{rows} 个事件、{points} 个轨迹点；{waiting} 个文件在等前面的文件。</translation>
    </message>
    <message>
        <source>List taken back: {kind}, {version}, of {source}.</source>
        <translation>清单已撤回：{kind}，版本 {version}，来源 {source}。</translation>
    </message>
    <message>
        <source>List {kind}, {version}, of {source}: {have} of {pieces} pieces are here.</source>
        <translation>清单 {kind}，版本 {version}，来源 {source}：{pieces} 块中已到 {have} 块。</translation>
    </message>
    <message>
        <source>List in force: {kind}, {version}, of {source}.</source>
        <translation>清单已生效：{kind}，版本 {version}，来源 {source}。</translation>
    </message>
    <message>
        <source>List {kind}, {version}, of {source} cannot be brought into force: {why}</source>
        <translation>清单 {kind}，版本 {version}，来源 {source} 无法生效：{why}</translation>
    </message>
    <message>
        <source>List {kind}, {version}, of {source}: {have} of {pieces} pieces are at the hub.</source>
        <translation>清单 {kind}，版本 {version}，来源 {source}：{pieces} 块中已有 {have} 块在中心服务器上。</translation>
    </message>
    <message>
        <source>{count} acts made since this store was restored were put behind those that the hub has: they go with the next file.</source>
        <translation>本库恢复之后做的 {count} 项操作已排在中心服务器已有操作之后，随下一个文件发出。</translation>
    </message>
    <message>
        <source>This store was restored from a backup: the hub has later acts of this seat. Nothing is lost: send a file (sync export) and fetch another one.</source>
        <translation>本库是从备份恢复的：中心服务器上有本席位更晚的操作。没有任何丢失：请发送一个文件（sync export），再取回一个文件。</translation>
    </message>
    <message>
        <source>The seat {name} was restored from a backup and has acted since: {count} of its acts wait until it has taken in the next file from here. Nothing is lost.</source>
        <translation>席位 {name} 从备份恢复后又有操作：其中 {count} 项等它接收这里的下一个文件后再处理。没有任何丢失。</translation>
    </message>
    <message>
        <source>This seat has no line, it exchanges by files: sync export, sync import.</source>
        <translation>本席位没有线路，用文件交换：sync export、sync import。</translation>
    </message>
    <message>
        <source>join: the hub's address, or the word files; export, import: the file; carry: the seat's name</source>
        <translation>join：中心服务器的地址，或 files 一词；export、import：文件；carry：席位名称</translation>
    </message>
    <message>
        <source>carry: the address that hub seat add told</source>
        <translation>carry：hub seat add 给出的地址</translation>
    </message>
    <message>
        <source>export: for the hub or for a seat</source>
        <translation>export：发给中心服务器或某个席位</translation>
    </message>
    <message>
        <source>join files: this seat's name at the hub</source>
        <translation>join files：本席位在中心服务器的名称</translation>
    </message>
    <message>
        <source>join files: the key of the hub's side</source>
        <translation>join files：中心服务器一侧的密钥</translation>
    </message>
    <message>
        <source>key: the seat's key for exchange by files (sync key there)</source>
        <translation>key：席位用于文件交换的密钥（在席位上执行 sync key）</translation>
    </message>
    <message>
        <source>Files signed by {name} are taken in from now on.</source>
        <translation>今后接收由 {name} 签署的文件。</translation>
    </message>
    <message>
        <source>refused by the hub: {kind} on {stream}, {why}</source>
        <translation>中心服务器拒收：{stream} 上的 {kind}，{why}</translation>
    </message>
    <message>
        <source>it cannot be read</source>
        <translation>内容无法读取</translation>
    </message>
    <message>
        <source>it is larger than 1 MB</source>
        <translation>内容超过 1 MB</translation>
    </message>
    <message>
        <source>its number is not one</source>
        <translation>编号不合规</translation>
    </message>
    <message>
        <source>it was made by another seat</source>
        <translation>由其他席位产生</translation>
    </message>
    <message>
        <source>it was made in another centre</source>
        <translation>由其他中心产生</translation>
    </message>
    <message>
        <source>it was made in another district</source>
        <translation>由其他区产生</translation>
    </message>
    <message>
        <source>it is neither live nor a drill</source>
        <translation>既非实战也非演练</translation>
    </message>
    <message>
        <source>its kind is unknown</source>
        <translation>类型未知</translation>
    </message>
    <message>
        <source>a part of it is missing</source>
        <translation>缺少必要内容</translation>
    </message>
    <message>
        <source>another act has its number</source>
        <translation>编号已被另一条操作占用</translation>
    </message>
    <message>
        <source>another copy of this seat's data has acted already</source>
        <translation>本席位数据的另一份副本已先行操作</translation>
    </message>
    <message>
        <source>the hub gave no reason</source>
        <translation>中心服务器未说明原因</translation>
    </message>
    <message>
        <source>Do it again. Refused once more: this program and the hub differ in version; tell who keeps the hub.</source>
        <translation>请重做一次；若再被拒收，说明本程序与中心服务器版本不一致，请联系服务器管理员。</translation>
    </message>
    <message>
        <source>Tell who keeps the hub: this seat is registered there otherwise. Then do it again.</source>
        <translation>请联系服务器管理员：本席位在服务器上的登记不一致。更正后重做。</translation>
    </message>
    <message>
        <source>Do it again in smaller parts.</source>
        <translation>请拆成较小的几次重做。</translation>
    </message>
    <message>
        <source>Do it again: it gets a number of its own.</source>
        <translation>请重做一次：会得到新的编号。</translation>
    </message>
    <message>
        <source>Two programs work with copies of one folder. Close one and found it anew under a name of its own, then do it again there.</source>
        <translation>两个程序在使用同一数据目录的副本。请关闭其中一个，以新的席位名重新建立后再重做。</translation>
    </message>
    <message>
        <source>{number}: refused by the hub: {mine}: {why}. {advice}</source>
        <translation>{number}：被中心服务器拒收：{mine}：{why}。{advice}</translation>
    </message>
    <message>
        <source>Enter it again.</source>
        <translation>请重新录入。</translation>
    </message>
    <message>
        <source>A file from the hub is not what its name says.</source>
        <translation>中心服务器给出的文件与其名称不符。</translation>
    </message>
</context>
</TS>
