using System.CommandLine;
using Synfin.Cli.Echo;

namespace Synfin.Cli.CommandLine;

/// <summary>The arguments of <c>synfin echo</c>.</summary>
internal static class EchoDefinition
{
    /// <summary>RFC 862.</summary>
    private const int EchoPort = 7;

    /// <summary>The command, bound to its action.</summary>
    public static Command Create(Terminal terminal, TextWriter output, TextWriter error)
    {
        Option<string?> tun = CommandOptions.Text("--tun", "NAME", "The TUN device; it is made if it is not there", required: true);
        Option<string?> address = CommandOptions.AddressAndPrefix("--address", "The address of this stack");
        Option<string?> hostAddress = CommandOptions.AddressAndPrefix("--host-address", "The kernel's address on the same device");
        Option<int?> port = CommandOptions.Number<int>("--port", "N", 1, ushort.MaxValue, $"The port to listen on [default: {EchoPort}]");
        Option<bool> ladder = CommandOptions.Switch("--ladder", "Draw each connection as it happens");
        Option<string?> pcap = CommandOptions.Text("--pcap", "FILE", "Write the packets to FILE too, as pcapng");

        var command = new Command("echo", "Run an echo server on this stack over a TUN device (Linux; needs CAP_NET_ADMIN)")
        {
            tun, address, hostAddress, port, ladder, pcap,
        };
        command.SetAction((parsed, cancellationToken) => EchoCommand.RunAsync(
            new EchoOptions
            {
                Tun = parsed.GetRequiredValue(tun)!,
                Address = parsed.GetRequiredValue(address)!,
                HostAddress = parsed.GetRequiredValue(hostAddress)!,
                Port = parsed.GetValue(port) ?? EchoPort,
                Ladders = parsed.GetValue(ladder) ? LiveLadders.Record(terminal.Width, terminal.UsesColor(ColorChoice.Auto)) : null,
                PcapPath = parsed.GetValue(pcap),
            },
            output,
            error,
            cancellationToken));
        return command;
    }
}
