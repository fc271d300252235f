using System.Net.Sockets;
using Synfin.Sockets;
using TcpConnection = Synfin.Sockets.TcpConnection;
using TcpListener = Synfin.Sockets.TcpListener;

namespace Synfin.Simulation.Tests.Dns;

/// <summary>A DNS server on a simulated host that answers what the test says, by UDP and TCP.</summary>
internal sealed class ScriptedDns
{
    private readonly SimulatedHost _host;
    private readonly Func<DnsTestQuery, IEnumerable<byte[]>> _answers;

    public ScriptedDns(SimulatedHost host, Func<DnsTestQuery, IEnumerable<byte[]>> answers)
    {
        _host = host;
        _answers = answers;
        Socket = host.Tcp.BindUdp(null, 53);
        Listener = host.Tcp.Listen(53);
        host.Run(() => UntilDisposed(ServeUdp));
        host.Run(() => UntilDisposed(ServeTcp));
    }

    public ScriptedDns(SimulatedHost host, Func<DnsTestQuery, DnsTestAnswer?> answer)
        : this(host, query => answer(query) is { } one ? [one.ToOctets()] : [])
    {
    }

    public List<DnsTestQuery> Queries { get; } = [];

    public IEnumerable<string> Asked => Queries.Select(query => query.ToString());

    public UdpSocket Socket { get; }

    public TcpListener Listener { get; }

    private static async Task UntilDisposed(Func<Task> serve)
    {
        try
        {
            await serve();
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.OperationAborted)
        {
            // the end of the network
        }
        catch (ObjectDisposedException)
        {
            // closed before it began
        }
        catch (IOException)
        {
            // a client that went away
        }
    }

    private async Task ServeUdp()
    {
        byte[] buffer = new byte[2_000];
        while (true)
        {
            UdpReceived received = await Socket.ReceiveFromAsync(buffer);
            DnsTestQuery query = Note(buffer[..received.Count], tcp: false, received.RemoteEndPoint.Port);
            foreach (byte[] answer in _answers(query)) await Socket.SendToAsync(answer, received.RemoteEndPoint);
        }
    }

    private async Task ServeTcp()
    {
        while (true)
        {
            TcpConnection connection = await Listener.AcceptAsync();
            byte[] buffer = new byte[2_000];
            int have = 0;
            while (have < 2 || have < 2 + (buffer[0] << 8 | buffer[1])) have += await connection.ReadAsync(buffer.AsMemory(have));
            DnsTestQuery query = Note(buffer[2..have], tcp: true, connection.RemoteEndPoint.Port);
            foreach (byte[] answer in _answers(query))
                await connection.WriteAsync((byte[])[(byte)(answer.Length >> 8), (byte)answer.Length, .. answer]);
            connection.Close();
        }
    }

    private DnsTestQuery Note(byte[] octets, bool tcp, int port)
    {
        DnsTestQuery query = new(octets, tcp, port, _host.Network.Now.Seconds);
        Queries.Add(query);
        return query;
    }
}
