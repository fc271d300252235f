using System.Net.Sockets;
using System.Reflection;
using Microsoft.Extensions.Logging;
using Synfin.AspNetCore.Telemetry;
using Synfin.Simulation;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;
using TcpConnection = Synfin.Sockets.TcpConnection;
using TcpListener = Synfin.Sockets.TcpListener;

namespace Synfin.AspNetCore.Tests.Telemetry;

/// <summary>What is logged of host b, whose address is 10.0.0.2, by a client on a, at port 5000, or of a itself.</summary>
public sealed class LoggingObserverTests
{
    private const ushort Port = 80;
    private const string FromB = "10.0.0.2:80-10.0.0.1:5000";
    private const string FromA = "10.0.0.1:5000-10.0.0.2:80";

    private readonly SimulatedNetwork _net =
        SimulatedNetwork.TwoHosts(1, new SimulatedLinkOptions { Delay = Duration.FromMilliseconds(10) });

    [Fact]
    public void A_server_hears_of_its_connection()
    {
        LogLines log = Watch("b", LogLevel.Debug);
        Task serving = Serve(connection => connection.CloseAsync().AsTask());
        Run(async connection =>
        {
            Assert.Equal(0, await connection.ReadAsync(new byte[1]));
            await connection.CloseAsync();
        });
        _net.RunUntilComplete(serving);

        Assert.Equal(
            [
                "1 Information Listening on :::80.",
                $"3 Debug Connection {FromB} is established.",
                $"4 Debug Connection {FromB} closed in order: LocalClose.",
            ],
            log.ByCategory[SynfinLoggingObserver.ConnectionsCategory]);
        Assert.Equal(
            [
                "20 Debug Connection [::]:80-[::]:0: CLOSED -> LISTEN.",
                $"20 Debug Connection {FromB}: LISTEN -> SYN-RECEIVED.",
                $"20 Debug Connection {FromB}: SYN-RECEIVED -> ESTABLISHED.",
                $"20 Debug Connection {FromB}: ESTABLISHED -> FIN-WAIT-1.",
                $"20 Debug Connection {FromB}: FIN-WAIT-1 -> FIN-WAIT-2.",
                $"20 Debug Connection {FromB}: FIN-WAIT-2 -> TIME-WAIT.",
            ],
            log.ByCategory[SynfinLoggingObserver.StatesCategory]);
        Assert.Empty(log.ByCategory[SynfinLoggingObserver.SegmentsCategory]);
    }

    [Fact]
    public void A_reset_is_told_from_an_abort()
    {
        LogLines a = Watch("a", LogLevel.Debug);
        LogLines b = Watch("b", LogLevel.Debug);
        Task serving = Serve(connection => connection.WhenEnded().AsTask());
        Run(async connection =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), _net.TimeProvider); // at once, the RST would meet a half-open connection
            connection.Abort();
        });
        _net.RunUntilComplete(serving);

        Assert.Equal(
            $"6 Debug Connection {FromA} was reset by this end in ESTABLISHED: LocalAbort.",
            a.ByCategory[SynfinLoggingObserver.ConnectionsCategory][^1]);
        Assert.Equal(
            $"5 Debug Connection {FromB} was reset by the peer in ESTABLISHED.",
            b.ByCategory[SynfinLoggingObserver.ConnectionsCategory][^1]);
    }

    [Fact]
    public void Nobody_listens_there()
    {
        LogLines a = Watch("a", LogLevel.Trace);
        LogLines b = Watch("b", LogLevel.Trace);
        Assert.Equal(SocketError.ConnectionRefused, Assert.Throws<SocketException>(() => Run(_ => Task.CompletedTask)).SocketErrorCode);
        Assert.Equal([$"7 Debug Connection {FromA} was refused."], a.ByCategory[SynfinLoggingObserver.ConnectionsCategory]);
        Assert.Equal(
            [$"30 Trace Connection {FromB}: a segment was dropped in CLOSED: NoConnection."],
            b.ByCategory[SynfinLoggingObserver.SegmentsCategory]);
    }

    [Fact]
    public void A_peer_that_does_not_answer_is_information()
    {
        LogLines a = Watch("a", LogLevel.Information);
        _net.Links[0].Reconfigure(new SimulatedLinkOptions { Loss = 1 });
        Assert.Equal(SocketError.TimedOut, Assert.Throws<SocketException>(() => Run(_ => Task.CompletedTask)).SocketErrorCode);
        Assert.Equal(
            [$"8 Information Connection {FromA} timed out in SYN-SENT: RetransmissionTimeout."],
            a.ByCategory[SynfinLoggingObserver.ConnectionsCategory]);
        Assert.Empty(a.ByCategory[SynfinLoggingObserver.StatesCategory]);
    }

    [Fact]
    public void Numbers_and_names_are_unique()
    {
        LoggerMessageAttribute[] lines =
        [
            .. typeof(SynfinLog).GetMethods(BindingFlags.Public | BindingFlags.Static)
                .Select(m => m.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>(),
        ];
        Assert.Equal(17, lines.Length);
        Assert.Equal(lines.Length, lines.Select(l => l.EventId).Distinct().Count());
        Assert.Equal(lines.Length, lines.Select(l => l.EventName).Distinct(StringComparer.Ordinal).Count());
    }

    private LogLines Watch(string host, LogLevel least)
    {
        LogLines log = new(least);
        NetworkStack stack = _net[host].Stack;
        stack.Observer = CompositeObserver.Add(stack.Observer, new SynfinLoggingObserver(log));
        return log;
    }

    private Task Serve(Func<TcpConnection, Task> body)
    {
        TcpListener listener = _net["b"].Tcp.Listen(null, Port);
        return _net["b"].Run(async () => await body(await listener.AcceptAsync()));
    }

    private void Run(Func<TcpConnection, Task> body) => _net.RunUntilComplete(_net["a"].Run(async () =>
    {
        InternetAddress server = _net["b"].Address;
        await body(await _net["a"].Tcp.ConnectAsync(server, Port, localPort: 5_000));
    }));
}
