using System.Net.Sockets;
using System.Runtime.InteropServices;
using Synfin.Captures.Pcapng;
using Synfin.Ip;
using Synfin.Linux;

namespace Synfin.Cli.Echo;

/// <summary>`synfin echo`: an echo service (RFC 862) for the kernel's clients, on a TCP/IP host of its own behind a TUN device.</summary>
public static class EchoCommand
{
    private const int Success = 0;
    private const int Failure = 1;
    private const int Usage = 2;

    /// <summary>Serves until it is cancelled, or until SIGINT or SIGTERM.</summary>
    /// <returns>0 after an orderly end, 1 after an error, 2 if the options make no sense.</returns>
    public static async Task<int> RunAsync(EchoOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(error);
        if (Check(options, out AddressPrefix address, out AddressPrefix hostAddress) is { } complaint)
        {
            await error.WriteLineAsync($"synfin echo: {complaint}").ConfigureAwait(false);
            return Usage;
        }
        try
        {
            await ServeAsync(options, address, hostAddress, output, ct).ConfigureAwait(false);
            return Success;
        }
        catch (Exception failure) when (failure is IOException or SocketException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"synfin echo: {failure.Message}").ConfigureAwait(false);
            return Failure;
        }
    }

    private static async Task ServeAsync(
        EchoOptions options, AddressPrefix address, AddressPrefix hostAddress, TextWriter output, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

        using PcapngWriter? pcap = options.PcapPath is { } path ? OpenCapture(path, options.Tun) : null;
        PacketTap? tap = options.Ladders?.Tap;
        if (pcap is not null) tap += (time, _, packet) => pcap.Write(0, packet, time);
        using TunHost host = TunHost.Open(options.Tun, address, hostAddress, observer: options.Ladders?.Recorder, tap: tap);
        var service = new EchoService(output, options.Ladders);
        await host.RunAsync(stack => service.RunAsync(stack, (ushort)options.Port, () => Announce(host, options.Port, output), stop.Token))
            .ConfigureAwait(false);
    }

    /// <summary>The monotonic clock has no date: the file's times start now.</summary>
    private static PcapngWriter OpenCapture(string path, string device)
    {
        DateTimeOffset epoch = DateTimeOffset.UtcNow - new Synfin.Timers.Duration(MonotonicClock.Now().Nanoseconds).ToTimeSpan();
        var writer = new PcapngWriter(File.Create(path), new PcapngOptions { Epoch = epoch, Application = "synfin echo" });
        writer.AddInterface(device);
        return writer;
    }

    private static void Announce(TunHost host, int port, TextWriter output)
    {
        string ours = host.Address.ToString().Split('/')[0];
        output.WriteLine($"Echo on {ours} port {port} behind {host.Device.Name}. Try: nc {ours} {port}; ping {ours}; ss -tan dst {ours}. "
            + "Ctrl+C ends.");
        output.Flush();
    }

    /// <summary>Returns what is wrong with the options, or null.</summary>
    private static string? Check(EchoOptions options, out AddressPrefix address, out AddressPrefix hostAddress)
    {
        hostAddress = default;
        if (!AddressPrefix.TryParse(options.Address, out address)) return NoAddress("--address", options.Address);
        if (!AddressPrefix.TryParse(options.HostAddress, out hostAddress)) return NoAddress("--host-address", options.HostAddress);
        if (address.Address == hostAddress.Address) return "--address and --host-address are the same; the two ends need one each";
        if (!hostAddress.Contains(address.Address)) return $"--address {address} is not in the subnet of --host-address {hostAddress}";
        if (options.Port is < 1 or > ushort.MaxValue) return $"--port {options.Port} is not between 1 and 65535";
        return null;
    }

    private static string NoAddress(string option, string text) =>
        $"{option} \"{text}\" is no address with a prefix length, such as 10.9.0.2/24 or fd00::2/64";
}
