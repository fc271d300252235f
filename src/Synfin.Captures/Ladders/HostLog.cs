namespace Synfin.Captures.Ladders;

/// <summary>A host as far as it is known.</summary>
internal sealed class HostLog(string name)
{
    public string Name { get; } = name;

    /// <summary>Whether it tells what it sends and receives.</summary>
    public bool Observed { get; set; }

    /// <summary>Whether it tells its connections' states.</summary>
    public bool TellsStates { get; set; }

    /// <summary>The packet that it received last.</summary>
    public PacketLog? LastDelivered { get; set; }

    /// <summary>Its listeners coming and going.</summary>
    public List<(int Index, ushort Port, bool Listening)> Listeners { get; } = [];

    public bool ListensAt(int index, ushort port)
    {
        bool listening = false;
        foreach (var change in Listeners)
        {
            if (change.Index < index && change.Port == port) listening = change.Listening;
        }
        return listening;
    }
}
