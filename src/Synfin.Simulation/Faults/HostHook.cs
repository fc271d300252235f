using Synfin.Sockets;
using Synfin.Tcp;
using Synfin.Timers;
using TcpConnection = Synfin.Sockets.TcpConnection;

namespace Synfin.Simulation.Faults;

/// <summary>A host's faults at work on one connection: what is cut of its output, and how fast its input may be read.</summary>
internal sealed class HostHook(SimulatedHost host, TcpConnection connection, StreamCut? cut) : ConnectionHook
{
    private long _step = -1;
    private int _allowance;
    private bool _isWakePlanned;

    public override bool TakesWrites => cut is not null;

    public override bool HasCut => cut is { HasCut: true };

    public override ReadOnlyMemory<byte> Admit(ReadOnlyMemory<byte> data) => cut is null ? data : cut.Admit(data);

    public override void Sent(int count) => cut?.Sent(count);

    public override bool AdmitShutdown() => cut is null || cut.AdmitShutdown();

    public override bool AdmitClose() => cut is null || cut.AdmitClose();

    public override bool AdmitAbort() => cut is null || cut.AdmitAbort();

    public override void Signalled(TcpSignals signals) => cut?.Signalled();

    /// <summary>Each step of time grants its share; what was not read of it is gone.</summary>
    public override int ReadAllowance()
    {
        if (host.ReadRate is not { } rate) return int.MaxValue;
        if (rate == 0) return 0;
        long step = host.Network.Now.Nanoseconds / SimulatedHost.ReadStep.Nanoseconds;
        if (step != _step)
        {
            _step = step;
            _allowance = (int)Math.Clamp(rate * SimulatedHost.ReadStep.Milliseconds / 1000, 1, int.MaxValue);
        }
        if (_allowance == 0) PlanWake(new Timestamp((step + 1) * SimulatedHost.ReadStep.Nanoseconds));
        return _allowance;
    }

    public override void Received(int count) => _allowance -= Math.Min(count, _allowance);

    private void PlanWake(Timestamp at)
    {
        if (_isWakePlanned) return;
        _isWakePlanned = true;
        host.Network.Schedule(new PlannedEvent($"{host.Name} may read on", Wake), at);
    }

    private void Wake()
    {
        _isWakePlanned = false;
        connection.ContinueReads();
        connection.OutputReady();
    }
}
