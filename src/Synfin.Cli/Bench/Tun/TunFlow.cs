using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Synfin.Cli.Bench.Yardsticks;
using Synfin.Sockets;
using Synfin.Stack;
using TcpConnection = Synfin.Sockets.TcpConnection;

namespace Synfin.Cli.Bench.Tun;

/// <summary>One flow between a Synfin host and a kernel socket, and what it cost.</summary>
internal static class TunFlow
{
    private const int Size = 256 * 1024;

    private static readonly TcpConnectionOptions _options = new() { SendBuffer = 4 << 20, ReceiveBuffer = 4 << 20 };

    /// <summary>Synfin sends until the time is up; the kernel counts.</summary>
    /// <returns>Octets a second, and all octets.</returns>
    public static (double Rate, long Octets) Send(TunWorld world, TcpStack stack, TimeSpan budget)
    {
        using Socket listener = world.KernelListener();
        TcpConnection connection = stack.ConnectAsync((IPEndPoint)listener.LocalEndPoint!, _options).AsTask().GetAwaiter().GetResult();
        using Socket kernel = listener.Accept();
        TunWorld.Configure(kernel);
        Task sending = Task.Run(() => SendAll(connection, budget));
        (double, long) received = SocketFlow.Receive(kernel, Size);
        sending.GetAwaiter().GetResult();
        return received;
    }

    /// <summary>The kernel sends until the time is up; Synfin counts.</summary>
    /// <returns>Octets a second, and all octets.</returns>
    public static (double Rate, long Octets) Receive(TunWorld world, TcpStack stack, TimeSpan budget)
    {
        using Socket listener = world.KernelListener();
        TcpConnection connection = stack.ConnectAsync((IPEndPoint)listener.LocalEndPoint!, _options).AsTask().GetAwaiter().GetResult();
        using Socket kernel = listener.Accept();
        TunWorld.Configure(kernel);
        Task<(double, long)> receiving = Task.Run(() => ReceiveAll(connection));
        SocketFlow.Send(kernel, budget, Size);
        return receiving.GetAwaiter().GetResult();
    }

    private static async Task SendAll(TcpConnection connection, TimeSpan budget)
    {
        await using TcpStream stream = new(connection);
        byte[] text = new byte[Size];
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < budget) await stream.WriteAsync(text).ConfigureAwait(false);
    }

    private static async Task<(double, long)> ReceiveAll(TcpConnection connection)
    {
        await using TcpStream stream = new(connection);
        byte[] buffer = new byte[Size];
        long all = await stream.ReadAsync(buffer).ConfigureAwait(false);
        long start = Stopwatch.GetTimestamp();
        long counted = 0;
        int received;
        while ((received = await stream.ReadAsync(buffer).ConfigureAwait(false)) > 0) counted += received;
        return (counted / Stopwatch.GetElapsedTime(start).TotalSeconds, all + counted);
    }
}
