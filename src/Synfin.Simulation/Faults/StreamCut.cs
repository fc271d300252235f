using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using Synfin.Runtime;
using Synfin.Sockets;
using Synfin.Tcp;
using TcpConnection = Synfin.Sockets.TcpConnection;

namespace Synfin.Simulation.Faults;

/// <summary>A <see cref="StreamFault"/> at work on one connection.</summary>
internal sealed class StreamCut(StreamFault fault, SimulatedHost host, TcpConnection connection)
{
    private long _passed;
    private bool _resetWaits;
    private ArrayBufferWriter<byte>? _held;

    // What is left of a truncated output, and whether the application has closed meanwhile.
    private ReadOnlyMemory<byte> _rest;
    private bool _restWaits;
    private bool _closeWaits;

    public bool HasCut { get; private set; }

    public ReadOnlyMemory<byte> Admit(ReadOnlyMemory<byte> data)
    {
        if (HasCut) return default;
        switch (fault.Kind)
        {
            case StreamFaultKind.Full:
                return data;
            case StreamFaultKind.Truncate:
                Hold(data.Span);
                return default;
            case StreamFaultKind.Hang or StreamFaultKind.Fin or StreamFaultKind.Reset:
                if (fault.Octets == 0) Cut();
                return data[..(int)Math.Min(data.Length, fault.Octets - _passed)];
            default:
                throw new UnreachableException();
        }
    }

    public void Sent(int count)
    {
        if (_passed == 0 && count > 0 && fault.Kind is StreamFaultKind.Full) fault.NoteApplied();
        _passed += count;
        fault.NoteWritten(_passed);
        if (fault.Kind is not StreamFaultKind.Full && _passed == fault.Octets) Cut();
    }

    /// <summary>The application ends its output.</summary>
    public bool AdmitShutdown()
    {
        if (_held is not null) Release();
        return !HasCut;
    }

    public bool AdmitClose()
    {
        if (_held is not null) Release();
        _closeWaits = _restWaits;
        return !HasCut || (fault.Kind is not StreamFaultKind.Hang && !_resetWaits && !_restWaits);
    }

    public bool AdmitAbort() => !HasCut || (fault.Kind is not StreamFaultKind.Hang && !_resetWaits);

    public void Signalled()
    {
        if (_restWaits) SendRest();
        if (_resetWaits) ResetWhenDrained();
    }

    private void Cut()
    {
        NoteCut();
        switch (fault.Kind)
        {
            case StreamFaultKind.Hang:
                break;
            case StreamFaultKind.Fin:
                connection.Engine.Shutdown(connection.Stack.Now);
                break;
            case StreamFaultKind.Reset:
                ResetWhenDrained();
                break;
            case StreamFaultKind.Full or StreamFaultKind.Truncate:
            default:
                throw new UnreachableException();
        }
        connection.OutputReady();
    }

    private void NoteCut()
    {
        HasCut = true;
        fault.NoteApplied();
        host.Network.Note(host.Name, $"fault: {fault}");
    }

    private void ResetWhenDrained()
    {
        _resetWaits = !connection.Engine.NotifyDrained();
        if (_resetWaits) return;
        connection.Engine.Abort(connection.Stack.Now);
        connection.OutputReady();
    }

    private void Hold(ReadOnlySpan<byte> data)
    {
        _held ??= new ArrayBufferWriter<byte>();
        if (_held.WrittenCount + (long)data.Length > StreamFault.MaxHeld) throw fault.NoteFailure();
        _held.Write(data);
        fault.NoteHeld(_held.WrittenCount);
    }

    /// <summary>The first part of what was held goes out, as the send buffer takes it, and FIN behind it.</summary>
    private void Release()
    {
        _rest = _held!.WrittenMemory[..(int)(_held.WrittenCount * fault.Fraction)];
        _held = null;
        _restWaits = true;
        NoteCut();
        SendRest();
    }

    private void SendRest()
    {
        TcpError error = TcpError.None;
        while (!_rest.IsEmpty && error is TcpError.None)
        {
            error = connection.Engine.Send(_rest.Span, connection.Stack.Now, out int sent);
            _rest = _rest[sent..];
        }
        if (error is TcpError.WouldBlock) return;

        // All is sent, or there is nobody any more to send it to.
        _restWaits = false;
        _rest = default;
        connection.Engine.Shutdown(connection.Stack.Now);
        if (_closeWaits) connection.Engine.Close(connection.Stack.Now);
        connection.OutputReady();
    }
}
