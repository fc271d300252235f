using System.Runtime.CompilerServices;
using TcpConnection = Synfin.Sockets.TcpConnection;
using TcpListener = Synfin.Sockets.TcpListener;

namespace Synfin.Simulation.Tests.Storms;

/// <summary>10,000 connections that are opened, echo and are closed leave nothing: no entry, no page, no object.</summary>
[Trait("Needs", "engine")]
public sealed class TenThousandConnectionsTests
{
    private const ushort Port = 7;
    private const int Connections = 10_000;
    private const int AtATime = 200;

    private static readonly TimeSpan s_realLimit = TimeSpan.FromMinutes(3);
    private static readonly byte[] s_text = "Nothing is left of this."u8.ToArray();

    [Fact]
    public void Strict_mode_is_left_with_nothing()
    {
        SimulatedNetwork net = new(new SimulationOptions { CheckInvariants = false });
        net.Connect(net.AddHost("a"), net.AddHost("b"), new SimulatedLinkOptions { Delay = Timers.Duration.FromMilliseconds(1) });
        List<WeakReference> handles = [];
        StartServer(net, handles);
        for (int i = 0; i < AtATime; i++) net["a"].Run(() => EchoMany(net, handles));
        net.RunUntilIdle();
        AssertNothingIsLeft(net, handles);
    }

    [Fact]
    public async Task Hosted_mode_is_left_with_nothing()
    {
        using SimulatedNetwork net = new(new SimulationOptions { Mode = SimulationMode.Hosted, CheckInvariants = false });
        net.Connect(net.AddHost("a"), net.AddHost("b"));
        List<WeakReference> handles = [];
        await PlayHosted(net, handles);
        // A machine that is busy with others may look quiet too early: 2 MSL have passed when the entries are gone.
        await net.RunUntilIdleAsync().WaitAsync(s_realLimit);
        AssertNothingIsLeft(net, handles);
    }

    private static async Task PlayHosted(SimulatedNetwork net, List<WeakReference> handles)
    {
        StartServer(net, handles);
        Task[] clients = new Task[AtATime];
        for (int i = 0; i < AtATime; i++) clients[i] = net["a"].Run(() => EchoMany(net, handles));
        await Task.WhenAll(clients).WaitAsync(s_realLimit);
    }

    private static void StartServer(SimulatedNetwork net, List<WeakReference> handles)
    {
        TcpListener listener = net["b"].Tcp.Listen(null, Port, backlog: 2 * AtATime);
        net["b"].Run(async () =>
        {
            List<Task> echoes = [];
            for (int i = 0; i < Connections; i++)
            {
                TcpConnection connection = await listener.AcceptAsync();
                Track(handles, connection);
                echoes.Add(Echo(connection));
                if (echoes.Count >= AtATime) echoes.RemoveAll(static echo => echo.IsCompletedSuccessfully);
            }
            await Task.WhenAll(echoes);
            listener.Close();
        });
    }

    private static async Task Echo(TcpConnection connection)
    {
        byte[] buffer = new byte[s_text.Length];
        while (await connection.ReadAsync(buffer) is int count and > 0) await connection.WriteAsync(buffer.AsMemory(0, count));
        connection.Close();
    }

    private static async Task EchoMany(SimulatedNetwork net, List<WeakReference> handles)
    {
        byte[] buffer = new byte[s_text.Length];
        for (int i = 0; i < Connections / AtATime; i++)
        {
            TcpConnection connection = await net["a"].Tcp.ConnectAsync(net["b"].Address, Port);
            Track(handles, connection);
            await connection.WriteAsync(s_text);
            await connection.CompleteWritesAsync();
            int read = 0;
            while (await connection.ReadAsync(buffer.AsMemory(read)) is int count and > 0 && (read += count) < buffer.Length)
            {
            }
            Assert.Equal(s_text, buffer);
            Assert.Equal(0, await connection.ReadAsync(new byte[1]));
            await connection.CloseAsync();
        }
    }

    private static void Track(List<WeakReference> handles, TcpConnection connection)
    {
        lock (handles) handles.Add(new WeakReference(connection));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AssertNothingIsLeft(SimulatedNetwork net, List<WeakReference> handles)
    {
        foreach (SimulatedHost host in net.Hosts)
        {
            Assert.Equal((0, 0, 0), (host.Stack.ConnectionCount, host.Stack.TimeWaitCount, host.Stack.SynQueueCount));
            Assert.Equal((0, 0), (host.Stack.PagesInUse, host.Stack.OrphanCount));
        }
        Assert.Equal(2 * Connections, handles.Count);
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        // Some may still be named by frames of the stack or by pooled async state that nobody has used since.
        int alive = handles.Count(handle => handle.IsAlive);
        Assert.True(alive <= 2 * AtATime, $"{alive} of {handles.Count} handles are still alive");
    }
}
