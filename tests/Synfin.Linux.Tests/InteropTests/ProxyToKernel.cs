using System.Net;
using System.Net.Sockets;
using Synfin.Sockets;

namespace Synfin.Linux.Tests.InteropTests;

/// <summary>A proxy on Synfin's host: what connects to it, it connects through Synfin to the kernel, ends and resets too.</summary>
internal sealed class ProxyToKernel : IDisposable
{
    private readonly TcpStackGroup _sockets;
    private readonly TcpListenerGroup _listener;
    private readonly IPEndPoint _server;
    private readonly List<Task> _relays = [];
    private readonly Task _accepting;

    public ProxyToKernel(TcpStackGroup sockets, int port, IPEndPoint server)
    {
        _sockets = sockets;
        _server = server;
        _listener = sockets.Listen(new IPEndPoint(IPAddress.IPv6Any, port));
        _accepting = AcceptAsync();
    }

    /// <summary>Connections so far.</summary>
    public int Connections { get; private set; }

    /// <summary>Listens no longer, and waits until all connections have ended; fails if one of them failed.</summary>
    public async Task EndAsync()
    {
        _listener.Close();
        await _accepting;
        await Task.WhenAll(_relays);
    }

    public void Dispose() => _listener.Close();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpConnection client = await _listener.AcceptAsync();
                Connections++;
                _relays.Add(RelayAsync(client));
            }
        }
        catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task RelayAsync(TcpConnection client)
    {
        TcpConnection server = await _sockets.ConnectAsync(_server, new Stack.TcpConnectionOptions { NoDelay = true });
        await Task.WhenAll(CopyAsync(client, server), CopyAsync(server, client));
        server.Close();
        client.Close();
    }

    private static async Task CopyAsync(TcpConnection from, TcpConnection to)
    {
        byte[] buffer = new byte[65_536];
        try
        {
            int count;
            while ((count = await from.ReadAsync(buffer)) > 0) await to.WriteAsync(buffer.AsMemory(0, count));
            await to.CompleteWritesAsync();
        }
        catch (IOException)
        {
            // A reset is passed on as a reset; for the side that is lost already, Abort does nothing.
            from.Abort();
            to.Abort();
        }
    }
}
