using System.Globalization;
using System.Net.Sockets;
using Synfin.Cli.CommandLine;
using Synfin.Cli.Connect;
using Synfin.Cli.Hosts;
using Synfin.Sockets;
using Synfin.Wire;

namespace Synfin.Cli.Ping;

/// <summary>`synfin ping`: echo requests of ICMP and ICMPv6, and what comes back.</summary>
internal sealed class PingCommand
{
    private const int IcmpHeader = 8;
    private const int Ipv4Header = 20;
    private const int Ipv6Header = 40;

    private readonly PingOptions _options;
    private readonly CommandContext _context;
    private readonly InternetAddress _address;
    private readonly EchoSocket _socket;
    private readonly PingStatistics _statistics = new();

    private PingCommand(PingOptions options, CommandContext context, InternetAddress address, EchoSocket socket)
    {
        _options = options;
        _context = context;
        _address = address;
        _socket = socket;
    }

    /// <summary>Pings until all requests have been sent and answered, or it is stopped.</summary>
    /// <returns>0 if there was an answer, else 1; 2 if a name needs --dns.</returns>
    public static async Task<int> RunAsync(PingOptions options, HostSession session, CancellationToken ct)
    {
        CommandContext context = session.Context;
        InternetAddress address;
        try
        {
            address = (await options.Target.ResolveAsync(session.Sockets, ct).ConfigureAwait(false))[0];
        }
        catch (UnresolvableException failure)
        {
            return SynfinCommandLine.Fail(context.Error, failure.Message, ExitCode.Usage);
        }
        catch (SocketException failure)
        {
            return SynfinCommandLine.Fail(context.Error, $"{options.Target.Host}: {FailureWords.Of(failure)}", ExitCode.Failure);
        }
        using EchoSocket socket = session.Sockets.First.OpenEcho();
        return await new PingCommand(options, context, address, socket).RunAsync(ct).ConfigureAwait(false);
    }

    private async Task<int> RunAsync(CancellationToken ct)
    {
        int packet = _options.Size + IcmpHeader + (_address.IsIpv4 ? Ipv4Header : Ipv6Header);
        Say(string.Create(
            CultureInfo.InvariantCulture, $"PING {_options.Target.Host} ({_address}) {_options.Size}({packet}) bytes of data."));
        long start = _context.Time.GetTimestamp();
        List<Task> underWay = [];
        try
        {
            for (int sequence = 1; _options.Count is not { } count || sequence <= count; sequence++)
            {
                if (sequence > 1) await Task.Delay(_options.Interval, _context.Time, ct).ConfigureAwait(false);
                underWay.RemoveAll(task => task.IsCompleted);
                underWay.Add(PingAsync(sequence, ct));
            }
            await Task.WhenAll(underWay).WaitAsync(ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await Task.WhenAll(underWay).ConfigureAwait(false);
        }
        Say("");
        foreach (string line in _statistics.Lines(_options.Target.Host, _context.Time.GetElapsedTime(start))) Say(line);
        return _statistics.HasAnswers ? ExitCode.Success : ExitCode.Failure;
    }

    private async Task PingAsync(int sequence, CancellationToken ct)
    {
        using var late = new CancellationTokenSource(_options.Patience, _context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, ct);
        try
        {
            ValueTask<EchoResult> ping = _socket.PingAsync(_address, _options.Size, (byte)_options.TimeToLive, either.Token);
            _statistics.Sent();
            Tell(sequence, await ping.ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The statistics say so.
        }
        catch (SocketException failure)
        {
            _statistics.Failed();
            Say(string.Create(CultureInfo.InvariantCulture, $"icmp_seq={sequence} not sent: {FailureWords.Of(failure)}"));
        }
    }

    private void Tell(int sequence, EchoResult result)
    {
        if (!result.IsReply)
        {
            _statistics.Failed();
            Say(string.Create(CultureInfo.InvariantCulture, $"From {result.Source}: icmp_seq={sequence} {WordsOf(result)}"));
            return;
        }
        _statistics.Answered(result.RoundTripTime);
        int octets = _options.Size + IcmpHeader;
        double milliseconds = result.RoundTripTime.TotalMilliseconds;
        Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{octets} bytes from {result.Source}: icmp_seq={sequence} ttl={result.TimeToLive} time={milliseconds:0.000} ms"));
    }

    private static string WordsOf(EchoResult result) => result.Kind switch
    {
        IcmpKind.NetworkUnreachable => "Destination Net Unreachable",
        IcmpKind.HostUnreachable => "Destination Host Unreachable",
        IcmpKind.ProtocolUnreachable => "Destination Protocol Unreachable",
        IcmpKind.PortUnreachable => "Destination Port Unreachable",
        IcmpKind.Prohibited => "Packet filtered",
        IcmpKind.TimeExceeded => "Time to live exceeded",
        IcmpKind.PacketTooBig => string.Create(CultureInfo.InvariantCulture, $"Packet too big, {result.Mtu} would fit"),
        _ => result.Kind.ToString(),
    };

    private void Say(string line)
    {
        _context.Output.WriteLine(line);
        _context.Output.Flush();
    }
}
