using System.Net;
using Synfin.Drill.Sockets;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Drill.Tests.Sockets;

/// <summary>
/// A row of a table: <c>STATE | call = result; call = result</c>. The state is reached first, then the calls are made on the socket in it;
/// a result is the return value, or the errno's name. <c>&lt;text 10</c> and the like is what the peer sends in between, <c>sent</c> what
/// the host has sent since the last look; a number before a call is another socket.
/// </summary>
internal sealed class SocketStory(ISocketWorld world)
{
    private const ushort Port = 8080;
    private const ushort PeerPort = 40_000;
    private const int Listener = 3;
    private const int Socket = 4;

    private static readonly (int Bit, string Name)[] _events =
        [(0x1, "in"), (0x2, "pri"), (0x4, "out"), (0x8, "err"), (0x10, "hup"), (0x20, "nval"), (0x2000, "rdhup")];

    private readonly HandPeer _peer = new(world, Port, PeerPort);
    private int _on = Socket;

    /// <summary>What came of a row, written as the row is.</summary>
    public string Tell(string row)
    {
        string[] parts = row.Split('|', 2, StringSplitOptions.TrimEntries);
        Reach(parts[0]);
        _peer.Look();
        List<string> told = [];
        foreach (string step in parts[1].Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string call = step.Split('=')[0].Trim();
            string? result = Do(call);
            told.Add(result is null ? call : $"{call} = {result}");
        }
        return $"{parts[0]} | {string.Join("; ", told)}";
    }

    private void Reach(string state)
    {
        switch (state)
        {
            case "CLOSED":
                Open(Socket);
                return;
            case "LISTEN":
                Open(Socket);
                Expect(Bind(Socket));
                Expect(Call(new ListenCall(Socket, 5)));
                return;
            case "SYN-SENT":
                Open(Socket);
                Expect(Bind(Socket));
                Assert.Equal("EINPROGRESS", Call(Connect()));
                return;
            case "CONNECTED": // by connect(2), which nobody has asked again
                Reach("SYN-SENT");
                _peer.Answers();
                return;
            case "REFUSED":
                Reach("SYN-SENT");
                _peer.Resets();
                return;
            case "ESTABLISHED":
                Open(Listener);
                Expect(Bind(Listener));
                Expect(Call(new ListenCall(Listener, 5)));
                _peer.Opens();
                Assert.Equal("4", Call(new AcceptCall(Listener, Socket, nonBlocking: true)));
                return;
            case "CLOSE-WAIT":
                Reach("ESTABLISHED", "<fin");
                return;
            case "FIN-WAIT-1":
                Reach("ESTABLISHED", "shutdown wr");
                return;
            case "FIN-WAIT-2":
                Reach("ESTABLISHED", "shutdown wr", "<ack");
                return;
            case "CLOSING":
                Reach("ESTABLISHED", "shutdown wr", "<fin");
                return;
            case "LAST-ACK":
                Reach("ESTABLISHED", "<fin", "shutdown wr");
                return;
            case "TIME-WAIT":
                Reach("ESTABLISHED", "shutdown wr", "<ack", "<fin");
                return;
            case "RESET":
                Reach("ESTABLISHED", "<rst");
                return;
            case "RESET-IN-CLOSE-WAIT":
                Reach("ESTABLISHED", "<fin", "<rst");
                return;
            default:
                throw new FormatException($"no way to the state \"{state}\" is known");
        }
    }

    private void Reach(string state, params string[] steps)
    {
        Reach(state);
        foreach (string step in steps) Do(step);
    }

    private string? Do(string step)
    {
        string[] words = step.Split(' ');
        if (words[0].StartsWith('<'))
        {
            PeerDoes(words);
            return null;
        }
        _on = Socket;
        if (char.IsAsciiDigit(step[0])) (_on, words[0]) = (step[0] - '0', words[0][2..]);
        int number = words.Length > 1 && int.TryParse(words[1], out int parsed) ? parsed : 0;
        switch (words[0])
        {
            case "sent": return _peer.Look(words.Contains("all"));
            case "read": return Read(number, words);
            case "write": return Call(new SendCall(_on, number, FlagsOf(words)));
            case "connect": return Call(words.Contains("unspec") ? new ConnectCall(_on, null) : Connect());
            case "open": return Open(_on);
            case "bind": return Bind(_on);
            case "listen": return Call(new ListenCall(_on, 5));
            case "accept": return Call(new AcceptCall(_on, 5, nonBlocking: true));
            case "close": return Call(new CloseCall(_on));
            case "shutdown": return Call(new ShutdownCall(_on, words[1] switch { "rd" => 0, "wr" => 1, "rdwr" => 2, _ => 7 }));
            case "poll": return Poll();
            case "peer" or "name": return Call(new NameCall(_on, words[0] is "peer"));
            case "ioctl": return IoControl(words[1]);
            case "linger": return Call(new SetOptionCall(_on, "SOL_SOCKET", "SO_LINGER", 1) { Linger = number });
            case "set": return Call(new SetOptionCall(_on, Level(words[1]), words[1], long.Parse(words[2])));
            case "get": return Get(words[1]);
            default: throw new FormatException($"no step begins with \"{words[0]}\"");
        }
    }

    private void PeerDoes(string[] words)
    {
        int length = words.Length > 1 ? int.Parse(words[1]) : 0;
        switch (words[0])
        {
            case "<text": _peer.Sends(TcpFlags.Ack, length); break;
            case "<urgent": _peer.Sends(TcpFlags.Ack | TcpFlags.Urg, length, length); break;
            case "<promise": _peer.Sends(TcpFlags.Ack | TcpFlags.Urg, 0, length); break; // urgent data that is still to come
            case "<fin": _peer.Sends(TcpFlags.Fin | TcpFlags.Ack, length); break;
            case "<ack": _peer.Acknowledges(); break;
            case "<rst": _peer.Resets(); break;
            case "<syn-ack": _peer.Answers(); break;
            case "<syn": _peer.Opens(); break;
            case "<unreachable": _peer.RouterSays(3, (byte)length); break;
            case "<expired": _peer.RouterSays(11, 0); break;
            default: throw new FormatException($"the peer does not know \"{words[0]}\"");
        }
    }

    private static MessageFlags FlagsOf(string[] words)
    {
        MessageFlags flags = MessageFlags.NoSignal;
        if (words.Contains("peek")) flags |= MessageFlags.Peek;
        if (words.Contains("oob")) flags |= MessageFlags.OutOfBand;
        if (words.Contains("trunc")) flags |= MessageFlags.Truncate;
        if (words.Contains("all")) flags |= MessageFlags.WaitAll;
        if (words.Contains("errqueue")) flags |= MessageFlags.ErrorQueue;
        if (words.Contains("more")) flags |= MessageFlags.More;
        if (words.Contains("eof")) flags |= MessageFlags.EndOfFile;
        return flags;
    }

    private string Read(int length, string[] words)
    {
        var call = new ReceiveCall(_on, length, FlagsOf(words) & ~MessageFlags.NoSignal);
        string result = Call(call);
        bool shows = words.Contains("text") && call.Data.Length > 0;
        return shows ? $"{result} \"{string.Concat(call.Data.Select(octet => (char)octet))}\"" : result;
    }

    private string Poll()
    {
        var entry = new PollEntry(_on, 0x2007);
        Call(new PollCall([entry], Duration.Zero));
        IEnumerable<string> names = _events.Where(known => (entry.Returned & known.Bit) != 0).Select(known => known.Name);
        return entry.Returned == 0 ? "nothing" : string.Join(' ', names);
    }

    private string IoControl(string request)
    {
        var call = new IoControlCall(_on, request);
        string result = Call(call);
        return result == "0" ? FormattableString.Invariant($"{call.Answer}") : result;
    }

    private string Get(string name)
    {
        var call = new GetOptionCall(_on, Level(name), name);
        string result = Call(call);
        if (result != "0") return result;
        if (name == "SO_ERROR") return Errnos.Name((int)call.Answer) ?? "0";
        return call.Text ?? FormattableString.Invariant($"{call.Answer}");
    }

    private static string Level(string name) => name.Split('_')[0] switch
    {
        "SO" => "SOL_SOCKET",
        "TCP" => "SOL_TCP",
        "IP" => "SOL_IP",
        _ => "SOL_IPV6",
    };

    private string Open(int descriptor) =>
        Call(new SocketOpenCall(descriptor, ipv6: false, stream: true, nonBlocking: true));

    private string Bind(int descriptor) => Call(new BindCall(descriptor, EndPoint(world.Host, Port)));

    private ConnectCall Connect() => new(_on, EndPoint(world.Peer, PeerPort));

    private static IPEndPoint EndPoint(InternetAddress address, ushort port)
    {
        Span<byte> octets = stackalloc byte[16];
        return new IPEndPoint(new IPAddress(octets[..address.WriteTo(octets)]), port);
    }

    private string Call(SocketCall call)
    {
        SocketResult result = world.Sockets.Invoke(call, world.Now);
        world.Settle();
        return result.IsPending ? "waits" : result.Errno ?? FormattableString.Invariant($"{result.Value}");
    }

    private static void Expect(string result) => Assert.Equal("0", result);
}
