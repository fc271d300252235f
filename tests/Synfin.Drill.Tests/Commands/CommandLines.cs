using Synfin.Drill.Commands;

namespace Synfin.Drill.Tests.Commands;

/// <summary>What commands between backticks are taken for; nothing of them is ever run.</summary>
public sealed class CommandLines
{
    [Theory]
    [InlineData("./defaults.sh")]
    [InlineData("../common/defaults.sh")]
    [InlineData("../../common/defaults.sh > /dev/null 2>&1")]
    public void Defaults_select_the_Linux_profile(string command) =>
        Assert.Equal([new CommandAction.SelectProfile("linux")], CommandReader.Read(command));

    [Theory]
    [InlineData("sysctl -q net.ipv4.tcp_sack=0", "net.ipv4.tcp_sack=0")]
    [InlineData("sysctl -q -w net.ipv4.tcp_sack=0 net.ipv4.tcp_ecn=1", "net.ipv4.tcp_sack=0;net.ipv4.tcp_ecn=1")]
    [InlineData("/sbin/sysctl -w net.ipv4.tcp_rmem=\"4096  540000 15728640\" > /dev/null", "net.ipv4.tcp_rmem=4096 540000 15728640")]
    [InlineData("sysctl net.ipv4.tcp_rmem='1 2 3'", "net.ipv4.tcp_rmem=1 2 3")]
    [InlineData("sysctl net/ipv4/tcp_sack=1", "net.ipv4.tcp_sack=1")]
    [InlineData("sysctl -w net.ipv4.tcp_sack = 1", "net.ipv4.tcp_sack=1")]
    [InlineData("sudo LANG=C sysctl net.inet.tcp.rfc1323=0 >/dev/null 2>&1", "net.inet.tcp.rfc1323=0")]
    [InlineData("sysctl a.b=1 && sysctl c.d=2; sysctl e.f=3\nsysctl g.h=4 || true", "a.b=1;c.d=2;e.f=3;g.h=4")]
    [InlineData("sysctl a.b=1 \\\n   c.d=2", "a.b=1;c.d=2")]
    [InlineData("sysctl a.b=1 # not c.d=2", "a.b=1")]
    [InlineData(
        "../common/set_sysctls.py /proc/sys/net/ipv4/tcp_sack=0   /proc/sys/net/ipv4/tcp_ecn=0",
        "net.ipv4.tcp_sack=0;net.ipv4.tcp_ecn=0")]
    [InlineData("set_sysctls.py /proc/sys/net/ipv4/tcp_wmem=\"1 2 3\"", "net.ipv4.tcp_wmem=1 2 3")]
    [InlineData("echo 1 > /proc/sys/net/ipv4/tcp_recovery", "net.ipv4.tcp_recovery=1")]
    [InlineData("echo -n '4096 87380 100000' >/proc/sys/net/ipv4/tcp_rmem", "net.ipv4.tcp_rmem=4096 87380 100000")]
    [InlineData("sh -c 'echo 0 > /proc/sys/net/ipv4/tcp_sack'", "net.ipv4.tcp_sack=0")]
    [InlineData("ip link set dev tun0 mtu 1200", "interface.mtu=1200")]
    [InlineData("ifconfig tun0 mtu 1400", "interface.mtu=1400")]
    public void Knobs_are_set(string command, string knobs)
    {
        IEnumerable<string> set = CommandReader.Read(command).Cast<CommandAction.SetKnob>().Select(k => $"{k.Name}={k.Value}");
        Assert.Equal(knobs, string.Join(';', set));
    }

    [Theory]
    [InlineData("true")]
    [InlineData("sleep 1")]
    [InlineData("ip tcp_metrics flush all > /dev/null 2>&1")]
    [InlineData("/tmp/sysctl_restore_${PPID}.sh")]
    [InlineData("kldload -n tcp_rack")]
    [InlineData("sysctl net.inet.tcp.hostcache.purgenow=1")]
    [InlineData("sysctl -n net.ipv4.tcp_sack")]
    [InlineData("tc qdisc replace dev tun0 root pfifo")]
    [InlineData("ethtool -K tun0 tso off gso off")]
    [InlineData("echo hello")]
    public void Some_need_nothing_and_say_why(string command) =>
        Assert.NotEmpty(Assert.IsType<CommandAction.NoOperation>(Assert.Single(CommandReader.Read(command))).Reason);

    [Theory]
    [InlineData("sockstat -4 -P tcp | grep -c ESTABLISHED | grep 1", "ESTABLISHED", 1)]
    [InlineData("sockstat -4 -P tcp -s | grep 8080 | grep -c TIME_WAIT | grep '^2$'", "TIME_WAIT", 2)]
    [InlineData("netstat -an | grep FIN_WAIT_2 | wc -l | grep 0", "FIN_WAIT_2", 0)]
    [InlineData("sockstat | grep -qc LISTEN", "LISTEN", null)]
    public void Counting_sockets_is_an_assertion(string command, string state, int? count) =>
        Assert.Equal([new CommandAction.ExpectSockets(state, count)], CommandReader.Read(command));

    [Fact]
    public void Dropping_connections_keeps_the_arguments()
    {
        var drop = Assert.IsType<CommandAction.Drop>(Assert.Single(CommandReader.Read("/usr/sbin/tcpdrop -a > /dev/null")));
        Assert.Equal(["-a"], drop.Arguments);
    }

    [Theory]
    [InlineData("rm -rf / && iptables -F", "iptables -F")]
    [InlineData("nstat | grep TcpRetrans", "nstat | grep TcpRetrans")]
    [InlineData("sockstat | grep -c ESTABLISHED | awk '{print}'", "sockstat | grep -c ESTABLISHED | awk '{print}'")]
    [InlineData("tc qdisc add dev tun0 root netem delay 10ms", "tc qdisc add dev tun0 root netem delay 10ms")]
    [InlineData("ip route change 192.0.2.0/24 dev tun0 initcwnd 4", "ip route change 192.0.2.0/24 dev tun0 initcwnd 4")]
    [InlineData("sysctl -q net.ipv4.tcp_sack=$X", "sysctl -q net.ipv4.tcp_sack=$X")]
    public void What_nobody_knows_keeps_its_text(string command, string text) =>
        Assert.Contains(new CommandAction.Unknown(text), CommandReader.Read(command));

    [Fact]
    public void Any_text_is_read()
    {
        const int Seed = 99;
        const string Pieces = "sysctl a=1 \"'\\|&;><$(){}#\n`echo /proc/sys/x grep -c ESTABLISHED";
        var random = new Random(Seed);
        for (int round = 0; round < 5_000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            Exception? crash = Record.Exception(() => CommandReader.Read(text));
            Assert.True(crash is null, $"seed {Seed}, round {round}: {crash}\n{text}");
        }
    }
}
