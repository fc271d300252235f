using System.Net;
using System.Net.Sockets;

namespace Synfin.Cli.Bench.Yardsticks;

/// <summary>Kernel TCP sockets on 127.0.0.1.</summary>
internal static class LoopbackPair
{
    /// <summary>No call waits longer: a run that hangs would be worse than one that fails.</summary>
    private const int TimeoutMilliseconds = 5_000;

    /// <summary>A socket that listens on a port of the kernel's choice.</summary>
    public static Socket Listen()
    {
        Socket listener = Create();
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(backlog: 128);
        return listener;
    }

    /// <summary>A socket connected to <paramref name="listener"/>.</summary>
    public static Socket Connect(Socket listener)
    {
        Socket client = Create();
        client.Connect(listener.LocalEndPoint!);
        return client;
    }

    /// <summary>The next connection of <paramref name="listener"/>.</summary>
    public static Socket Accept(Socket listener)
    {
        Socket server = listener.Accept();
        Configure(server);
        return server;
    }

    /// <summary>Runs <paramref name="server"/> on a thread of its own while <paramref name="client"/> runs on this one.</summary>
    /// <returns>What <paramref name="client"/> returned.</returns>
    public static double RunBoth(Action server, Func<double> client)
    {
        Task other = Task.Factory.StartNew(server, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        double result = client();
        other.GetAwaiter().GetResult();
        return result;
    }

    private static Socket Create()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Configure(socket);
        return socket;
    }

    private static void Configure(Socket socket)
    {
        socket.NoDelay = true;
        socket.SendTimeout = TimeoutMilliseconds;
        socket.ReceiveTimeout = TimeoutMilliseconds;
    }
}
