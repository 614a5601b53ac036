<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>text</name>
    <message>
        <source>the seat beside the hub (hub run) is at work</source>
        <translation>中心服务器旁席位（hub run）正在运行</translation>
    </message>
    <message>
        <source>the seat beside the hub (hub run) is not at work: no new snapshots, no reference digests</source>
        <translation>中心服务器旁席位（hub run）未运行：不生成新快照，也不公布基准摘要</translation>
    </message>
    <message>
        <source>  snapshot for {centre} at {seq}, {age} min old</source>
        <translation>  {centre} 的快照：序号 {seq}，{age} 分钟前</translation>
    </message>
    <message>
        <source>Beside the hub, store in {folder}; Ctrl+C ends it.</source>
        <translation>已在中心服务器旁运行，数据存于 {folder}；按 Ctrl+C 结束。</translation>
    </message>
    <message>
        <source>Another program runs beside this hub already (hub run); one is enough.</source>
        <translation>该中心服务器旁已有程序在运行（hub run），一个即可。</translation>
    </message>
    <message>
        <source>Ended: holds {reached}; {snapshots} snapshots made, {digests} times digests published.</source>
        <translation>已结束：持有至 {reached}；生成快照 {snapshots} 份，公布摘要 {digests} 次。</translation>
    </message>
    <message>
        <source>starting from the hub's snapshot</source>
        <translation>正从中心服务器快照起步</translation>
    </message>
    <message>
        <source>the seat beside the hub: snapshots for new seats, reference digests</source>
        <translation>中心服务器旁席位：为新席位生成快照，公布基准摘要</translation>
    </message>
    <message>
        <source>its own folder</source>
        <translation>其自用的数据文件夹</translation>
    </message>
    <message>
        <source>do everything once, then end</source>
        <translation>全部做一遍后结束</translation>
    </message>
    <message>
        <source>beside the hub of {district}: holds {reached} of {head}</source>
        <translation>中心服务器（辖区 {district}）旁：持有 {reached} / {head}</translation>
    </message>
    <message>
        <source>snapshots for {count} centres at {seq}, made in {took} s</source>
        <translation>已为 {count} 个中心生成快照，序号 {seq}，用时 {took} 秒</translation>
    </message>
    <message>
        <source>folding: {done} of {of} rows of the hub's order</source>
        <translation>正在折叠中心服务器顺序：{done} / {of} 行</translation>
    </message>
    <message>
        <source>The hub's snapshot is damaged; this seat starts from the first event instead.</source>
        <translation>中心服务器快照已损坏，本席位改从第一条事件起步。</translation>
    </message>
    <message>
        <source>{rows} rows of the hub's order verified, their bodies too, against {count} remembered heads.</source>
        <translation>已核验中心服务器顺序 {rows} 行及其内容，并与 {count} 处留存的链头核对。</translation>
    </message>
    <message>
        <source>{file}: the hub at {seq}, {mb} MB.</source>
        <translation>{file}：中心服务器至序号 {seq}，{mb} MB。</translation>
    </message>
    <message>
        <source>The seats' log-ins are in it; keep it where only you may read.</source>
        <translation>其中含各席位的登录信息，请放在只有您可读取的位置。</translation>
    </message>
    <message>
        <source>The seats' log-ins are not in it (only a superuser reads them): after restoring elsewhere each seat needs a new secret (hub seat add).</source>
        <translation>其中不含各席位的登录信息（仅超级用户可读）：在别处恢复后，各席位须取得新密钥（hub seat add）。</translation>
    </message>
    <message>
        <source>Restored: {seq} rows of the order, {bodies} bodies, chain and counts verified; epoch {epoch}.</source>
        <translation>已恢复：顺序 {seq} 行、内容 {bodies} 条，链与行数均已核验；纪元 {epoch}。</translation>
    </message>
    <message>
        <source>No log-ins were in it: each seat that this server does not know yet needs a new secret (hub seat add).</source>
        <translation>备份中没有登录信息：此服务器尚不认识的席位须取得新密钥（hub seat add）。</translation>
    </message>
    <message>
        <source>Shut out on this server, and still so: {names}. Let one in again with: main.py hub seat add NAME.</source>
        <translation>此服务器已停用的席位，仍保持停用：{names}。重新启用：main.py hub seat add NAME。</translation>
    </message>
    <message>
        <source>verify the hub's order, every body, and that no tail was cut</source>
        <translation>核验中心服务器的顺序、每条内容，以及末尾未被截断</translation>
    </message>
    <message>
        <source>the folder of hub run, which remembers the order</source>
        <translation>hub run 的数据文件夹，其中留存顺序</translation>
    </message>
    <message>
        <source>the whole hub into one file, while the seats work on</source>
        <translation>把整个中心服务器备份到一个文件，各席位照常工作</translation>
    </message>
    <message>
        <source>a backup into an empty database, verified</source>
        <translation>把备份恢复到空数据库并核验</translation>
    </message>
    <message>
        <source>Row {seq} of the hub's order: its columns do not match its body.</source>
        <translation>中心服务器顺序第 {seq} 行：各列与内容不符。</translation>
    </message>
    <message>
        <source>The body of row {seq} does not follow its seat's event before it.</source>
        <translation>第 {seq} 行的内容与其席位的前一事件不衔接。</translation>
    </message>
    <message>
        <source>{count} bodies on the hub have no place in its order.</source>
        <translation>中心服务器上有 {count} 条内容不在其顺序中。</translation>
    </message>
    <message>
        <source>The hub's order was cut: it ends at {seq}, {who} had held {reached}.</source>
        <translation>中心服务器顺序被截断：现止于 {seq}，而 {who} 曾持有至 {reached}。</translation>
    </message>
    <message>
        <source>Row {seq} of the hub's order is not the one that {who} holds: the order was made anew.</source>
        <translation>中心服务器顺序第 {seq} 行与 {who} 持有的不同：顺序被重做过。</translation>
    </message>
    <message>
        <source>There is no file {path}.</source>
        <translation>没有文件 {path}。</translation>
    </message>
    <message>
        <source>{path} is no whole backup of a hub: cut short, damaged or something else.</source>
        <translation>{path} 不是完整的中心服务器备份：被截断、已损坏或是别的文件。</translation>
    </message>
    <message>
        <source>{path} was made by a newer version of this program; use that one.</source>
        <translation>{path} 由较新版本的程序生成，请用该版本恢复。</translation>
    </message>
    <message>
        <source>The database {name} is not empty; a backup is restored into an empty one. Nothing was changed.</source>
        <translation>数据库 {name} 不是空的；备份只能恢复到空数据库。未作任何改动。</translation>
    </message>
    <message>
        <source>{path} does not hold what it says of itself: it was damaged or changed. The database is empty as before.</source>
        <translation>{path} 与其自身记载不符：已损坏或被改动。数据库仍为空。</translation>
    </message>
    <message>
        <source>The hub's certificate is not one that this seat trusts (sslrootcert, host name).</source>
        <translation>中心服务器的证书不为本席位所信任（sslrootcert、主机名）。</translation>
    </message>
    <message>
        <source>The hub takes encrypted connections only.</source>
        <translation>中心服务器只接受加密连接。</translation>
    </message>
    <message>
        <source>The hub offers no encryption; over a network it is required.</source>
        <translation>中心服务器不提供加密，跨网络连接必须加密。</translation>
    </message>
    <message>
        <source>The hub asks for the secret in a way that would give it away (not SCRAM).</source>
        <translation>中心服务器索取密钥的方式会泄露密钥（不是 SCRAM）。</translation>
    </message>
    <message>
        <source>The hub is newer than this program: bring this seat up to date.</source>
        <translation>中心服务器版本比本程序新，请升级本席位。</translation>
    </message>
    <message>
        <source>The hub is older than this program: hub init brings it up to date.</source>
        <translation>中心服务器版本比本程序旧，请用 hub init 升级中心服务器。</translation>
    </message>
    <message>
        <source>{folder}: {events} events and {files} files, {mb} MB, in {took} s. The seat's secret of the hub is not in it.</source>
        <translation>{folder}：事件 {events} 条、文件 {files} 个，{mb} MB，用时 {took} 秒。其中不含本席位的中心服务器密钥。</translation>
    </message>
    <message>
        <source>{count} files that the store names are not on this seat.</source>
        <translation>数据中提到的 {count} 个文件不在本席位。</translation>
    </message>
    <message>
        <source>Restored into {folder}: {events} events, chain verified. Where the seat belonged to a hub: hub seat add gives it a new secret. The seat that the backup was made of must not work on.</source>
        <translation>已恢复到 {folder}：事件 {events} 条，链已核验。原席位若属于某中心服务器，请用 hub seat add 取得新密钥。被备份的原席位不得继续工作。</translation>
    </message>
    <message>
        <source>Numbers go on {count} further today, so that none that was given after the backup is given again.</source>
        <translation>今日编号向后跳过 {count} 个，备份之后已给出的编号不会再次使用。</translation>
    </message>
    <message>
        <source>this seat's store into a new folder, while its screens work on</source>
        <translation>把本席位的数据备份到新文件夹，各屏照常工作</translation>
    </message>
    <message>
        <source>a backup into a new data folder (--data), verified</source>
        <translation>把备份恢复到新的数据文件夹（--data）并核验</translation>
    </message>
    <message>
        <source>The folder {folder} is not empty; a backup is restored into a new one. Nothing was changed.</source>
        <translation>文件夹 {folder} 不是空的；备份只能恢复到新文件夹。未作任何改动。</translation>
    </message>
    <message>
        <source>{path} does not hold what it says of itself: it was damaged or changed. Nothing was changed.</source>
        <translation>{path} 与其自身记载不符：已损坏或被改动。未作任何改动。</translation>
    </message>
    <message>
        <source>The backup {path} is refused: {why} Nothing was changed.</source>
        <translation>备份 {path} 不予采用：{why}未作任何改动。</translation>
    </message>
    <message>
        <source>{path} is no whole backup of a store.</source>
        <translation>{path} 不是完整的席位备份。</translation>
    </message>
    <message>
        <source>There is a folder {path} already; it was left as it is.</source>
        <translation>文件夹 {path} 已存在，保持原样。</translation>
    </message>
    <message>
        <source>this seat</source>
        <translation>本席位</translation>
    </message>
    <message>
        <source>hold the place this seat has reached against its hub too</source>
        <translation>同时与中心服务器核对本席位已持有的位置</translation>
    </message>
    <message>
        <source>the hub's order is held and verified up to {seq}, with {bodies} bodies of this seat's area</source>
        <translation>中心服务器顺序已持有并核验至 {seq}，其中本席位辖区的内容 {bodies} 条</translation>
    </message>
    <message>
        <source>The lists on the hub are of another version: hub lists publishes them anew.</source>
        <translation>中心服务器上的清单版本不同，请用 hub lists 重新发布。</translation>
    </message>
    <message>
        <source>The lists on the hub are just being replaced; try again.</source>
        <translation>中心服务器上的清单正在更新，请重试。</translation>
    </message>
    <message>
        <source>There is no store in {folder}, and it is not empty: a new seat takes a new folder.</source>
        <translation>{folder} 中没有席位数据且不为空：新席位请用新文件夹。</translation>
    </message>
    <message>
        <source>Founded in {folder} for {centre} of {district}, with {rows} rows of lists from the hub.</source>
        <translation>已在 {folder} 为 {district} 的 {centre} 建立席位，并从中心服务器取得清单 {rows} 行。</translation>
    </message>
    <message>
        <source>The hub is prepared, with {count} centres and {rows} rows of lists for new seats.</source>
        <translation>中心服务器已准备好，有 {count} 个中心，并为新席位备有清单 {rows} 行。</translation>
    </message>
    <message>
        <source>The lists are those of a store: name it with --data.</source>
        <translation>清单取自某个席位的数据，请用 --data 指明。</translation>
    </message>
    <message>
        <source>{rows} rows of lists lie on the hub for seats to come.</source>
        <translation>中心服务器上已备有清单 {rows} 行，供新席位使用。</translation>
    </message>
    <message>
        <source>publish the lists in force here (areas, forces, components) for seats to come</source>
        <translation>发布本席位现行清单（区域、力量、部件），供新席位使用</translation>
    </message>
    <message>
        <source>Joined: holds {reached} of {head}. Its screens and sync run keep it so.</source>
        <translation>已加入：持有 {reached} / {head}。其各屏及 sync run 会持续同步。</translation>
    </message>
</context>
</TS>
