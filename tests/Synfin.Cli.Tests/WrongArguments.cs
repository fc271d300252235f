using Xunit;

namespace Synfin.Cli.Tests;

/// <summary>A wrong command line gives exit code 2, no output, and one line of error that says what is wrong and what to do.</summary>
public sealed class WrongArguments
{
    [Theory]
    [InlineData("dmeo", "there is no command 'dmeo'; did you mean 'demo'? 'synfin --help' explains")]
    [InlineData("--bogus", "'synfin' has no option '--bogus'; 'synfin --help' explains")]
    [InlineData("demo --lits", "'synfin demo' has no option '--lits'; did you mean '--list'? 'synfin demo --help' explains")]
    [InlineData("demo a b", "'b' is one argument too many; 'synfin demo --help' explains")]
    [InlineData("demo --seed", "--seed needs a value: --seed N; 'synfin demo --help' explains")]
    [InlineData("demo --seed 1 --seed 2", "--seed is there twice; 'synfin demo --help' explains")]
    [InlineData("demo --width 39", "--width takes a whole number from 40 to 1000, not '39'; 'synfin demo --help' explains")]
    [InlineData("demo --format josn", "--format is one of text, json, not 'josn'; did you mean 'json'? 'synfin demo --help' explains")]
    [InlineData("demo --color blue", "--color is one of auto, always, never, not 'blue'; 'synfin demo --help' explains")]
    [InlineData("demo no-such-scenario-at-all", "there is no scenario 'no-such-scenario-at-all'; 'synfin demo --list' lists them")]
    [InlineData("listen 7", "'synfin listen' needs a device: --tun NAME or --tap NAME; 'synfin listen --help' explains")]
    [InlineData("listen", "'synfin listen' needs PORT; 'synfin listen --help' explains")]
    [InlineData("connect", "'synfin connect' needs HOST; 'synfin connect --help' explains")]
    [InlineData("connect 10.9.0.1", "'synfin connect' needs PORT; 'synfin connect --help' explains")]
    [InlineData("serve", "'synfin serve' needs DIR; 'synfin serve --help' explains")]
    [InlineData("listen 0", "PORT is a whole number from 1 to 65535, not '0'; 'synfin listen --help' explains")]
    [InlineData("listen http", "PORT is a whole number from 1 to 65535, not 'http'; 'synfin listen --help' explains")]
    [InlineData("listen 7 --echo --discard --tun t0 --address 10.9.0.2/24",
        "--echo and --discard are both there; take one; 'synfin listen --help' explains")]
    [InlineData("connect 10.9.0.1 70000 --tun t0", "PORT is a whole number from 1 to 65535, not '70000'; 'synfin connect --help' explains")]
    [InlineData("connect 10.9.0.1 7 -4 -6 --tun t0 --address 10.9.0.2/24",
        "-4 and -6 are both there; take one; 'synfin connect --help' explains")]
    [InlineData("connect fd00::1 7 -4 --tun t0 --address 10.9.0.2/24",
        "fd00::1 is no IPv4 address, as -4 wants; 'synfin connect --help' explains")]
    [InlineData("connect 10.9.0.1 7 --timeout soon --tun t0",
        "--timeout takes seconds from 0.001 to 86400, not 'soon'; 'synfin connect --help' explains")]
    [InlineData("connect 10.9.0.1 7 --recv-only --no-shutdown --tun t0 --address 10.9.0.2/24",
        "--no-shutdown and --recv-only are both there; take one; 'synfin connect --help' explains")]
    [InlineData("serve /no/such/folder --tun t0 --address 10.9.0.2/24",
        "there is no folder '/no/such/folder'; 'synfin serve --help' explains")]
    [InlineData("serve / --port 443 --tls --tun t0 --address 10.9.0.2/24",
        "HTTP and HTTPS cannot both be on port 443: choose with --port and --tls-port; 'synfin serve --help' explains")]
    [InlineData("status t0 --socket x", "NAME and --socket are both there; take one; 'synfin status --help' explains")]
    [InlineData("listen 7 --tun", "--tun needs a value: --tun NAME; 'synfin listen --help' explains")]
    [InlineData("listen 7 --tun t0 --adress 10.9.0.2/24",
        "'synfin listen' has no option '--adress'; did you mean '--address'? 'synfin listen --help' explains")]
    [InlineData("bench --runs 0", "--runs takes a whole number from 1 to 1000, not '0'; 'synfin bench --help' explains")]
    [InlineData("bench --jsno", "'synfin bench' has no option '--jsno'; did you mean '--json'? 'synfin bench --help' explains")]
    [InlineData("bench x", "there is no figure 'x'; 'synfin bench --list' lists them")]
    public async Task Are_explained_in_one_line(string arguments, string line)
    {
        CommandLineRun run = await CommandLineRun.Of(arguments.Split(' '));
        Assert.Equal([$"synfin: {line}"], run.ErrorLines);
        Assert.Equal("", run.Output);
        Assert.Equal(2, run.ExitCode);
    }

    [Theory]
    [InlineData("--address", "x")]
    [InlineData("--address", "192.0.2.1")]
    [InlineData("--address", "192.0.2.1/33")]
    [InlineData("--host-address", "2001:db8::1/129")]
    [InlineData("--host-address", "/24")]
    public async Task An_address_needs_a_prefix_length_that_fits(string option, string value)
    {
        CommandLineRun run = await CommandLineRun.Of("listen", "7", "--tun", "t0", option, value);
        string line = Assert.Single(run.ErrorLines);
        Assert.StartsWith($"synfin: {option} takes an address and a prefix length such as 192.0.2.1/24, not '{value}'", line);
        Assert.Equal(2, run.ExitCode);
    }

    [Theory]
    [InlineData("--tun t0 --tap t1", "--tun and --tap are both there; a host is on one device")]
    [InlineData("--tun t0", "this host needs an address: --address A/P, such as 10.9.0.2/24")]
    [InlineData("--tap t0", "this host needs an address: --address A/P, such as 10.9.0.2/24, or --dhcp or --slaac")]
    [InlineData("--tun t0 --dhcp", "--dhcp is for Ethernet: it needs --tap NAME, as TUN devices have no broadcasts")]
    [InlineData("--tun t0 --slaac", "--slaac is for Ethernet: it needs --tap NAME, as TUN devices have no neighbours")]
    [InlineData("--tap t0 --queues 2 --dhcp", "--queues is for TUN: the neighbours on a TAP device are known to one thread")]
    [InlineData("--tap t0 --dhcp --address 10.9.0.2/24", "--dhcp gives the IPv4 address: leave out that of --address")]
    [InlineData("--tun a-name-that-is-too-long --address 10.9.0.2/24",
        "--tun takes a device's name of 1 to 15 characters, not 'a-name-that-is-too-long'")]
    [InlineData("--tap a/b --dhcp", "--tap takes a device's name such as synfin0, without spaces, '/' and ':', not 'a/b'")]
    [InlineData("--tun t0 --address 10.9.0.2/24 --host-address 10.9.0.2/24",
        "--address and --host-address are both 10.9.0.2; the two ends need one each")]
    [InlineData("--tun t0 --address 10.9.1.2/24 --host-address 10.9.0.1/24",
        "--address 10.9.1.2/24 is not in the subnet of --host-address 10.9.0.1/24: the kernel would not find it")]
    [InlineData("--tun t0 --address 10.9.0.0/24", "--address 10.9.0.0/24 is the subnet itself; its hosts have other addresses")]
    [InlineData("--tun t0 --address 10.9.0.255/24", "--address 10.9.0.255/24 is its subnet's broadcast address")]
    [InlineData("--tun t0 --address 224.0.0.1/24", "--address 224.0.0.1/24 is no host's address")]
    [InlineData("--tun t0 --address 10.9.0.2/24 --host-address 0.0.0.0/0", "--host-address 0.0.0.0/0 is no host's address")]
    [InlineData("--tap t0 --address 10.9.0.2/24 --gateway 10.8.0.1",
        "--gateway 10.8.0.1 is in the subnet of no --address: it could not be reached")]
    [InlineData("--tap t0 --address 10.9.0.2/24 --gateway 10.9.0.2", "--gateway 10.9.0.2 is this host's own address")]
    [InlineData("--tap t0 --address 10.9.0.2/24 --gateway 10.9.0.1 --gateway 10.9.0.3",
        "--gateway is there more than once for one family")]
    [InlineData("--tun t0 --address 10.9.0.2/24 --pcap /no/such/x.pcapng", "--pcap /no/such/x.pcapng: there is no folder '/no/such'")]
    [InlineData("--tun t0 --address fd00::2/64 --mtu 1000", "--mtu 1000 is too small for IPv6, which needs 1280")]
    [InlineData("--tun t0 --address 10.9.0.2/24 --mtu 500", "--mtu takes a whole number from 576 to 65535, not '500'")]
    [InlineData("--tun t0 --address 10.9.0.2/24 --queues 0", "--queues takes a whole number from 1 to 256, not '0'")]
    [InlineData("--tap t0 --dhcp --dns example.org", "--dns takes an address such as 192.0.2.1 or 2001:db8::1, not 'example.org'")]
    public async Task A_host_is_on_one_device_with_addresses_that_go_together(string options, string problem)
    {
        CommandLineRun run = await CommandLineRun.Of(["listen", "7", .. options.Split(' ')]);
        Assert.Equal([$"synfin: {problem}; 'synfin listen --help' explains"], run.ErrorLines);
        Assert.Equal(2, run.ExitCode);
    }

    [Fact]
    public async Task A_name_may_start_with_an_at_sign()
    {
        CommandLineRun run = await CommandLineRun.Of("demo", "@names");
        Assert.Contains("there is no scenario '@names'", run.Error);
    }
}
