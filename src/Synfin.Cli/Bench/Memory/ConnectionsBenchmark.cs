using Synfin.Tcp;

namespace Synfin.Cli.Bench.Memory;

/// <summary>memory.connections: open, 64-octet echo, close; the TIME-WAIT entries stay for their 2MSL.</summary>
internal sealed class ConnectionsBenchmark : IBenchmark
{
    private const int AtOnce = 16;

    private readonly byte[] _message = new byte[64];
    private readonly byte[] _buffer = new byte[64];

    /// <inheritdoc/>
    public string Name => "memory.connections";

    /// <inheritdoc/>
    public string Unit => "1/s";

    /// <inheritdoc/>
    public string What => "connections opened, 64 octets echoed, closed, TIME-WAIT kept; 16 at a time, both ends on one core";

    /// <inheritdoc/>
    public IReadOnlyList<string> ComparedTo => ["yardstick.loopback.connections"];

    /// <inheritdoc/>
    public double Run(TimeSpan budget)
    {
        var hosts = new MemoryHosts(1500);
        TcpListener[] listeners = [.. Enumerable.Range(0, 32).Select(i => hosts.Listen((ushort)(1000 + i)))];
        var round = new Round(hosts, _message, _buffer);
        int next = 0;
        return Rate.PerSecond(budget, () => round.Run(listeners[next++ % listeners.Length], AtOnce));
    }

    private sealed class Round(MemoryHosts hosts, byte[] message, byte[] buffer)
    {
        private readonly TcpConnection?[] _clients = new TcpConnection?[AtOnce];
        private readonly TcpConnection?[] _servers = new TcpConnection?[AtOnce];

        public long Run(TcpListener listener, int count)
        {
            for (int i = 0; i < count; i++) _clients[i] = hosts.Connect(listener.LocalPort);
            int accepted = 0, ended = 0;
            for (int i = 0; i < count; i++) _clients[i]!.Send(message, hosts.Now, out _);
            for (int turn = 0; ended < 2 * count; turn++)
            {
                if (turn > 10_000) throw new InvalidOperationException("the connections do not end");
                hosts.Turn();
                while (listener.Accept(hosts.Now, out TcpConnection? server) is TcpError.None) _servers[accepted++] = server;
                for (int i = 0; i < accepted; i++) ended += Serve(ref _servers[i]);
                for (int i = 0; i < count; i++) ended += Finish(ref _clients[i]);
            }
            return count;
        }

        private int Serve(ref TcpConnection? server)
        {
            if (server is null || server.Receive(buffer, hosts.Now, out int received) is not TcpError.None) return 0;
            if (received > 0)
            {
                server.Send(buffer.AsSpan(0, received), hosts.Now, out _);
                return 0;
            }
            server.Close(hosts.Now);
            server = null;
            return 1;
        }

        private int Finish(ref TcpConnection? client)
        {
            if (client is null || client.Receive(buffer, hosts.Now, out int received) is not TcpError.None || received == 0) return 0;
            client.Close(hosts.Now);
            client = null;
            return 1;
        }
    }
}
