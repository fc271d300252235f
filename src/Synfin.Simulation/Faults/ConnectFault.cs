using System.Globalization;
using Synfin.Runtime;

namespace Synfin.Simulation.Faults;

/// <summary>
/// What a host makes of attempts to connect to it: <see cref="SimulatedHost.Refuse"/> and <see cref="SimulatedHost.BlackHole"/> make them,
/// <see cref="Lift"/> ends them. Connections that are there already go on.
/// </summary>
public sealed class ConnectFault : IFault
{
    private readonly SimulatedHost _host;

    internal ConnectFault(SimulatedHost host, ushort? port, bool answers)
    {
        _host = host;
        Port = port;
        Answers = answers;
    }

    /// <summary>The port that is connected to; null for all.</summary>
    public ushort? Port { get; }

    /// <summary>Whether an attempt is answered, with RST; else nothing comes back.</summary>
    public bool Answers { get; }

    /// <summary>How many SYNs it got.</summary>
    public long Applied { get; private set; }

    /// <summary>Whether <see cref="SimulatedNetwork.Test(Action, TimeSpan?, string)"/> may succeed though it was never applied.</summary>
    public bool Optional { get; set; }

    string IFault.Title => $"the fault '{this}' of host {_host}";

    string IFault.Tally => $"host {_host}: {this}: {Counted.Applied(Applied)}";

    /// <summary>From now on the host answers again as it would.</summary>
    public void Lift()
    {
        using StackGate.Visit visit = _host.Network.Enter(nameof(Lift));
        _host.Lift(this);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        string verb = Answers ? "refuse" : "black hole";
        return Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"{verb} port {port}") : $"{verb} all ports";
    }

    string IFault.ExplainAbsence() =>
        "no SYN came there: place it before the connection is made, on the host that is connected to, and look at the port";

    internal bool TakesSynTo(ushort port)
    {
        if (Port is { } only && only != port) return false;
        Applied++;
        return true;
    }
}
