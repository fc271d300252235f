using System.Net;
using System.Text;
using Synfin.Drill.Sockets;
using Synfin.Timers;

namespace Synfin.Drill.Tests.Sockets;

/// <summary>The sockets of the kernel that runs the tests, behind the same calls. All of them are non-blocking.</summary>
internal sealed unsafe class RealSockets : ISockets, IDisposable
{
    private const int FamilyInet = 2;
    private const int Stream = 1;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int AddressSize = 16;
    private const int LongestName = 16;

    private static readonly Dictionary<string, int> _levels = new()
    {
        ["SOL_SOCKET"] = 1,
        ["SOL_TCP"] = 6,
        ["SOL_IP"] = 0,
        ["SOL_IPV6"] = 41,
    };

    /// <summary>asm-generic/socket.h, linux/tcp.h, linux/in.h, linux/in6.h.</summary>
    private static readonly Dictionary<string, int> _options = new()
    {
        ["SO_REUSEADDR"] = 2,
        ["SO_TYPE"] = 3,
        ["SO_ERROR"] = 4,
        ["SO_SNDBUF"] = 7,
        ["SO_RCVBUF"] = 8,
        ["SO_KEEPALIVE"] = 9,
        ["SO_OOBINLINE"] = 10,
        ["SO_LINGER"] = 13,
        ["SO_RCVLOWAT"] = 18,
        ["SO_ACCEPTCONN"] = 30,
        ["SO_PROTOCOL"] = 38,
        ["SO_DOMAIN"] = 39,
        ["TCP_NODELAY"] = 1,
        ["TCP_MAXSEG"] = 2,
        ["TCP_CORK"] = 3,
        ["TCP_KEEPIDLE"] = 4,
        ["TCP_KEEPINTVL"] = 5,
        ["TCP_KEEPCNT"] = 6,
        ["TCP_SYNCNT"] = 7,
        ["TCP_LINGER2"] = 8,
        ["TCP_DEFER_ACCEPT"] = 9,
        ["TCP_WINDOW_CLAMP"] = 10,
        ["TCP_QUICKACK"] = 12,
        ["TCP_CONGESTION"] = 13,
        ["TCP_USER_TIMEOUT"] = 18,
        ["TCP_FASTOPEN"] = 23,
        ["TCP_NOTSENT_LOWAT"] = 25,
        ["TCP_KEEPINIT"] = 9_999,
        ["IP_TOS"] = 1,
        ["IP_TTL"] = 2,
        ["IP_MTU_DISCOVER"] = 10,
        ["IP_MTU"] = 14,
        ["IPV6_TCLASS"] = 67,
    };

    private static readonly Dictionary<string, nuint> _requests = new()
    {
        ["SIOCINQ"] = 0x541B,
        ["SIOCOUTQ"] = 0x5411,
        ["SIOCOUTQNSD"] = 0x894B,
        ["SIOCATMARK"] = 0x8905,
    };

    private readonly Dictionary<int, int> _table = [];

    public SocketResult Invoke(SocketCall call, Timestamp now) => call switch
    {
        SocketOpenCall open => Open(open),
        BindCall bind => OnName(bind.EndPoint!, name => RealCalls.Bind(Of(bind.Descriptor), (void*)name, AddressSize)),
        ListenCall listen => Result(RealCalls.Listen(Of(listen.Descriptor), listen.Backlog)),
        AcceptCall accept => Accept(accept),
        ConnectCall connect => Connect(connect),
        SendCall send => Send(send),
        ReceiveCall receive => Receive(receive),
        CloseCall close => Close(close),
        ShutdownCall shutdown => Result(RealCalls.Shutdown(Of(shutdown.Descriptor), shutdown.How)),
        PollCall poll => Poll(poll),
        IoControlCall control => Control(control),
        GetOptionCall option => Get(option),
        SetOptionCall option => Set(option),
        NameCall name => Name(name),
        _ => throw new NotSupportedException($"{call.GetType().Name} is not asked of the kernel"),
    };

    public void Dispose()
    {
        foreach (int socket in _table.Values) _ = RealCalls.Close(socket);
        _table.Clear();
    }

    private int Of(int descriptor) => _table.GetValueOrDefault(descriptor, -1);

    private static SocketResult Result(nint value) =>
        value >= 0 ? new SocketResult(value) : SocketResult.Error(Errnos.Name(RealCalls.LastError)!);

    private SocketResult Open(SocketOpenCall call)
    {
        int socket = RealCalls.Socket(FamilyInet, Stream | NonBlocking | CloseOnExec, 0);
        if (socket >= 0) _table[call.Descriptor] = socket;
        return socket >= 0 ? new(call.Descriptor) : Result(socket);
    }

    private SocketResult Accept(AcceptCall call)
    {
        int socket = RealCalls.Accept(Of(call.Descriptor), null, null, NonBlocking | CloseOnExec);
        if (socket < 0) return Result(socket);
        _table[call.NewDescriptor] = socket;
        return new(call.NewDescriptor);
    }

    private SocketResult Connect(ConnectCall call)
    {
        if (call.EndPoint is { } endPoint)
            return OnName(endPoint, name => RealCalls.Connect(Of(call.Descriptor), (void*)name, AddressSize));
        byte* unspecified = stackalloc byte[AddressSize];
        new Span<byte>(unspecified, AddressSize).Clear();
        return Result(RealCalls.Connect(Of(call.Descriptor), unspecified, AddressSize));
    }

    private static SocketResult OnName(IPEndPoint endPoint, Func<nint, int> call)
    {
        byte* name = stackalloc byte[AddressSize];
        new Span<byte>(name, AddressSize).Clear();
        *(ushort*)name = FamilyInet;
        name[2] = (byte)(endPoint.Port >> 8);
        name[3] = (byte)endPoint.Port;
        endPoint.Address.TryWriteBytes(new Span<byte>(name + 4, 4), out _);
        return Result(call((nint)name));
    }

    private SocketResult Send(SendCall call)
    {
        byte[] text = new byte[call.Length + 1];
        fixed (byte* start = text) return Result(RealCalls.Send(Of(call.Descriptor), start, call.Length, (int)call.Flags));
    }

    private SocketResult Receive(ReceiveCall call)
    {
        byte[] text = new byte[call.Length + 1];
        nint count;
        fixed (byte* start = text) count = RealCalls.Receive(Of(call.Descriptor), start, call.Length, (int)call.Flags);
        if (count > 0) call.Data = text.AsSpan(0, (int)count).ToArray();
        return Result(count);
    }

    private SocketResult Close(CloseCall call)
    {
        SocketResult result = Result(RealCalls.Close(Of(call.Descriptor)));
        _table.Remove(call.Descriptor);
        return result;
    }

    private SocketResult Poll(PollCall call)
    {
        PollEntry asked = Assert.Single(call.Entries);
        ulong entry = (uint)Of(asked.Descriptor) | (ulong)(ushort)asked.Events << 32;
        int ready = RealCalls.Poll(&entry, 1, 0);
        asked.Returned = (int)(entry >> 48);
        return Result(ready);
    }

    private SocketResult Control(IoControlCall call)
    {
        int value = 0;
        SocketResult result = Result(RealCalls.Control(Of(call.Descriptor), _requests[call.Request], &value));
        call.Answer = value;
        return result;
    }

    private SocketResult Get(GetOptionCall call)
    {
        byte* value = stackalloc byte[LongestName];
        int length = call.Name == "TCP_CONGESTION" ? LongestName : sizeof(int);
        SocketResult result = Result(RealCalls.GetOption(Of(call.Descriptor), _levels[call.Level], _options[call.Name], value, &length));
        call.Answer = *(int*)value;
        if (call.Name == "TCP_CONGESTION") call.Text = Encoding.ASCII.GetString(value, length).TrimEnd('\0');
        return result;
    }

    private SocketResult Set(SetOptionCall call)
    {
        int* value = stackalloc int[2] { (int)call.Value, (int)call.Linger };
        int length = call.Name == "SO_LINGER" ? 2 * sizeof(int) : sizeof(int);
        return Result(RealCalls.SetOption(Of(call.Descriptor), _levels[call.Level], _options[call.Name], value, length));
    }

    private SocketResult Name(NameCall call)
    {
        byte* name = stackalloc byte[AddressSize];
        int length = AddressSize;
        int socket = Of(call.Descriptor);
        return Result(call.OfPeer ? RealCalls.PeerName(socket, name, &length) : RealCalls.OwnName(socket, name, &length));
    }
}
