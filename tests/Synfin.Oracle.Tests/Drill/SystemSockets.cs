using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Synfin.Drill.Sockets;
using Synfin.Timers;

namespace Synfin.Oracle.Tests.Drill;

/// <summary>
/// The kernel's own sockets behind <see cref="ISockets"/>. All are non-blocking in truth; a call on one that the script takes for
/// blocking is
/// pending until the kernel lets it return.
/// </summary>
internal sealed class SystemSockets : ISockets, IDisposable
{
    private const int PollOut = 4;
    private const int BadDescriptor = 9;

    private readonly Dictionary<int, (int Descriptor, bool NonBlocking)> _sockets = [];

    public SocketResult Invoke(SocketCall call, Timestamp now) => call switch
    {
        SocketOpenCall open => Open(open),
        BindCall bind => Result(SystemCalls.Bind(Real(bind.Descriptor), bind.EndPoint)),
        ListenCall listen => Result(SystemCalls.Listen(Real(listen.Descriptor), listen.Backlog)),
        AcceptCall accept => Accept(accept),
        ConnectCall connect => Connect(connect),
        SendCall send => Send(send),
        ReceiveCall receive => Receive(receive),
        CloseCall close => Close(close),
        ShutdownCall shutdown => Result(SystemCalls.Shutdown(Real(shutdown.Descriptor), shutdown.How)),
        FileControlCall control => Control(control),
        IoControlCall control => Control(control),
        PollCall poll => Poll(poll, now),
        GetOptionCall get => Get(get),
        SetOptionCall set => Set(set),
        NameCall name => Name(name),
        _ => throw new NotSupportedException(call.GetType().Name),
    };

    public void Dispose()
    {
        foreach ((int descriptor, _) in _sockets.Values) SystemCalls.Close(descriptor);
        _sockets.Clear();
    }

    private int Real(int descriptor) => _sockets.TryGetValue(descriptor, out (int Descriptor, bool) socket) ? socket.Descriptor : -1;

    private bool Blocks(int descriptor) => _sockets.TryGetValue(descriptor, out (int, bool NonBlocking) socket) && !socket.NonBlocking;

    private static SocketResult Result(long value) => value >= 0 ? new SocketResult(value) : SocketResult.Error(LastError());

    private static string LastError() => Named(Marshal.GetLastPInvokeError());

    private static string Named(int errno) => Errnos.Name(errno) ?? $"errno {errno}";

    private SocketResult Enter(int descriptor, int real, bool nonBlocking)
    {
        if (real < 0) return SocketResult.Error(LastError());
        if (_sockets.Remove(descriptor, out (int Descriptor, bool) old)) SystemCalls.Close(old.Descriptor);
        _sockets.Add(descriptor, (real, nonBlocking));
        return new SocketResult(descriptor);
    }

    private SocketResult Open(SocketOpenCall call)
    {
        int real = SystemCalls.Socket(call.Ipv6, call.Stream);
        // A namespace begins with the host's algorithm, and may not choose all others for itself; its sockets may.
        if (real >= 0 && call.Stream) SystemCalls.SetOption(real, SystemOptions.Tcp, SystemOptions.TcpCongestion, "cubic"u8);
        return Enter(call.Descriptor, real, call.NonBlocking);
    }

    private SocketResult Accept(AcceptCall call)
    {
        int real = SystemCalls.Accept(Real(call.Descriptor), out System.Net.IPEndPoint? peer);
        if (real < 0 && LastError() == Errnos.Again && Blocks(call.Descriptor)) return SocketResult.Pending;
        call.Peer = peer;
        return Enter(call.NewDescriptor, real, call.NonBlocking);
    }

    private SocketResult Connect(ConnectCall call)
    {
        int real = Real(call.Descriptor);
        if (!call.HasStarted)
        {
            int result = SystemCalls.Connect(real, call.EndPoint);
            if (result >= 0 || LastError() != Errnos.InProgress || !Blocks(call.Descriptor)) return Result(result);
            call.HasStarted = true;
            return SocketResult.Pending;
        }
        if ((SystemCalls.Poll(real, PollOut) & PollOut) == 0) return SocketResult.Pending;
        int error = GetInteger(real, SystemOptions.Socket, 4);
        return error == 0 ? new SocketResult(0) : SocketResult.Error(Named(error));
    }

    private SocketResult Send(SendCall call)
    {
        bool blocks = Blocks(call.Descriptor) && (call.Flags & MessageFlags.DontWait) == 0;
        long sent = SystemCalls.Send(Real(call.Descriptor), call.Length - call.Taken, call.Flags, call.Destination);
        if (sent < 0) return blocks && LastError() == Errnos.Again ? SocketResult.Pending : call.Taken > 0 ? new(call.Taken) : Result(sent);
        call.Taken += (int)sent;
        return blocks && call.Taken < call.Length ? SocketResult.Pending : new SocketResult(call.Taken);
    }

    private SocketResult Receive(ReceiveCall call)
    {
        byte[] text = new byte[call.Length];
        long received = SystemCalls.Receive(Real(call.Descriptor), text, call.Flags);
        bool blocks = Blocks(call.Descriptor) && (call.Flags & MessageFlags.DontWait) == 0;
        if (received < 0 && LastError() == Errnos.Again && blocks) return SocketResult.Pending;
        if (received > 0) call.Data = text[..(int)Math.Min(received, text.Length)];
        return Result(received);
    }

    /// <summary>A lingering close would hold up the script: it is made on a thread of its own.</summary>
    private SocketResult Close(CloseCall call)
    {
        if (!_sockets.Remove(call.Descriptor, out (int Descriptor, bool) socket)) return SocketResult.Error(Named(BadDescriptor));
        return Result(SystemCalls.Close(socket.Descriptor));
    }

    private SocketResult Control(FileControlCall call)
    {
        if (!_sockets.TryGetValue(call.Descriptor, out (int Descriptor, bool NonBlocking) socket))
            return SocketResult.Error(Errnos.BadDescriptor);
        if (call.NonBlocking is not { } wanted) return new SocketResult(2 | (socket.NonBlocking ? SystemCalls.NonBlocking : 0));
        _sockets[call.Descriptor] = (socket.Descriptor, wanted);
        return new SocketResult(0);
    }

    private SocketResult Control(IoControlCall call)
    {
        if (!SystemOptions.TryFindRequest(call.Request, out nuint request)) return SocketResult.Error(Errnos.NotTerminal);
        int result = SystemCalls.Control(Real(call.Descriptor), request, out int answer);
        call.Answer = answer;
        return Result(result);
    }

    private SocketResult Poll(PollCall call, Timestamp now)
    {
        int ready = 0;
        foreach (PollEntry entry in call.Entries)
        {
            entry.Returned = SystemCalls.Poll(Real(entry.Descriptor), entry.Events);
            if (entry.Returned != 0) ready++;
        }
        bool over = call.Timeout is { } timeout && now >= call.Since + timeout;
        return ready > 0 || over ? new SocketResult(ready) : SocketResult.Pending;
    }

    private SocketResult Get(GetOptionCall call)
    {
        if (!SystemOptions.TryFind(call.Level, call.Name, out int level, out int name)) return SocketResult.Error(Errnos.NoSuchOption);
        Span<byte> value = stackalloc byte[SystemOptions.TcpInformationRoom];
        int room = call.Name is "TCP_INFO" or "TCP_CONGESTION" ? value.Length : call.Name == "SO_LINGER" ? 8 : 4;
        int result = SystemCalls.GetOption(Real(call.Descriptor), level, name, value[..room], out int length);
        if (result < 0) return Result(result);
        if (call.Name == "TCP_INFO") call.Information = SystemOptions.ReadInformation(value[..length]);
        else if (call.Name == "TCP_CONGESTION") call.Text = Encoding.ASCII.GetString(value[..value.IndexOf((byte)0)]);
        else call.Answer = length == 1 ? value[0] : BinaryPrimitives.ReadInt32LittleEndian(value);
        if (call.Name == "SO_LINGER") call.Linger = BinaryPrimitives.ReadInt32LittleEndian(value[4..]);
        return new SocketResult(result);
    }

    private SocketResult Set(SetOptionCall call)
    {
        if (!SystemOptions.TryFind(call.Level, call.Name, out int level, out int name)) return SocketResult.Error(Errnos.NoSuchOption);
        int real = Real(call.Descriptor);
        if (call.Text is { } text) return Result(SystemCalls.SetOption(real, level, name, Encoding.ASCII.GetBytes(text)));
        Span<byte> value = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(value, (int)call.Value);
        BinaryPrimitives.WriteInt32LittleEndian(value[4..], (int)call.Linger);
        return Result(SystemCalls.SetOption(real, level, name, value[..(call.Name == "SO_LINGER" ? 8 : 4)]));
    }

    private SocketResult Name(NameCall call)
    {
        int result = SystemCalls.Name(Real(call.Descriptor), call.OfPeer, out System.Net.IPEndPoint? answer);
        call.Answer = answer;
        return Result(result);
    }

    private static int GetInteger(int socket, int level, int name)
    {
        Span<byte> value = stackalloc byte[4];
        return SystemCalls.GetOption(socket, level, name, value, out _) < 0 ? 0 : BinaryPrimitives.ReadInt32LittleEndian(value);
    }
}
