using System.CommandLine;
using Synfin.Cli.CommandLine;
using Synfin.Ip;
using Synfin.Wire;

namespace Synfin.Cli.Hosts;

/// <summary>The options of the host that a command runs on, the same with all commands.</summary>
internal sealed class HostDefinition
{
    private const int MostQueues = 256;
    private const int LeastMtu = 576;

    private readonly Option<string?> _tun =
        CommandOptions.Text("--tun", "NAME", "Run on this TUN device (IP packets); it is made if it is not there");

    private readonly Option<string?> _tap =
        CommandOptions.Text("--tap", "NAME", "Run on this TAP device (Ethernet frames) instead");

    private readonly Option<int?> _queues =
        CommandOptions.Number<int>("--queues", "N", 1, MostQueues, "Queues of the device, each with a thread [default: 1]");

    private readonly Option<AddressPrefix[]> _addresses =
        CommandOptions.Prefixes("--address", "This host's address, such as 10.9.0.2/24 or fd00::2/64; may be repeated");

    private readonly Option<AddressPrefix[]> _hostAddresses =
        CommandOptions.Prefixes("--host-address", "The kernel's address on the device, such as 10.9.0.1/24; may be repeated");

    private readonly Option<InternetAddress[]> _gateways =
        CommandOptions.Addresses("--gateway", "The router to everywhere else; one of each family");

    private readonly Option<bool> _dhcp = CommandOptions.Switch("--dhcp", "Get an IPv4 address by DHCP (TAP only)");
    private readonly Option<bool> _slaac = CommandOptions.Switch("--slaac", "Get IPv6 addresses by autoconfiguration (TAP only)");
    private readonly Option<InternetAddress[]> _dns =
        CommandOptions.Addresses("--dns", "Ask this server for the addresses of names; may be repeated");

    private readonly Option<int?> _mtu =
        CommandOptions.Number<int>("--mtu", "N", LeastMtu, ushort.MaxValue, "The device's MTU in octets [default: as it is]");

    private readonly Option<bool> _ladder = CommandOptions.Switch("--ladder", "Draw each connection when it has ended");
    private readonly Option<string?> _pcap = CommandOptions.Text("--pcap", "FILE", "Write the packets to FILE too, as pcapng");

    private HostDefinition()
    {
    }

    /// <summary>Adds the options to a command, and checks that they go together.</summary>
    public static HostDefinition AddTo(CheckedCommand command)
    {
        var host = new HostDefinition();
        Option[] options =
        [
            host._tun, host._tap, host._queues, host._addresses, host._hostAddresses, host._gateways, host._dhcp, host._slaac, host._dns,
            host._mtu, host._ladder, host._pcap,
        ];
        foreach (Option option in options) command.Options.Add(option);
        command.Check(host.FindProblem);
        return host;
    }

    /// <summary>What the command line says.</summary>
    public HostSettings Read(ParseResult parsed) => new()
    {
        Device = parsed.GetValue(_tun) ?? parsed.GetValue(_tap) ?? "",
        Ethernet = parsed.GetValue(_tap) is not null,
        Queues = parsed.GetValue(_queues) ?? 1,
        Addresses = parsed.GetValue(_addresses) ?? [],
        HostAddresses = parsed.GetValue(_hostAddresses) ?? [],
        Gateways = parsed.GetValue(_gateways) ?? [],
        Dhcp = parsed.GetValue(_dhcp),
        Slaac = parsed.GetValue(_slaac),
        DnsServers = parsed.GetValue(_dns) ?? [],
        Mtu = parsed.GetValue(_mtu),
        Ladder = parsed.GetValue(_ladder),
        PcapPath = parsed.GetValue(_pcap),
    };

    private string? FindProblem(ParseResult parsed) => (parsed.GetValue(_tun), parsed.GetValue(_tap)) switch
    {
        (null, null) => $"'{SynfinCommandLine.ProgramName} {parsed.CommandResult.Command.Name}' needs a device: --tun NAME or --tap NAME",
        (not null, not null) => "--tun and --tap are both there; a host is on one device",
        _ => Read(parsed).FindProblem(),
    };
}
