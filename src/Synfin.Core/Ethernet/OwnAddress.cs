using Synfin.Ip;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Ethernet;

/// <summary>One of an interface's addresses.</summary>
internal sealed class OwnAddress
{
    public required AddressPrefix Prefix { get; init; }

    /// <summary>Made by autoconfiguration.</summary>
    public bool IsAutomatic { get; init; }

    /// <summary>How often its identifier was made anew because another host had the address (RFC 7217 5, DAD_Counter).</summary>
    public int Collisions { get; init; }

    public AddressState State { get; set; } = AddressState.Tentative;

    public Timestamp PreferredUntil { get; set; } = Timestamp.Never;

    public Timestamp ValidUntil { get; set; } = Timestamp.Never;

    /// <summary>Questions still to ask while tentative, announcements still to make afterwards.</summary>
    public int Remaining { get; set; }

    /// <summary>When the next of them is due, or the time to object to the last question is over.</summary>
    public Timestamp Due { get; set; } = Timestamp.Never;

    /// <summary>Until when it is not defended again (RFC 5227 2.4).</summary>
    public Timestamp DefendedUntil { get; set; }

    public InternetAddress Address => Prefix.Address;

    public bool IsAssigned => State is AddressState.Preferred or AddressState.Deprecated;

    public InterfaceAddress Snapshot() => new(Prefix, State, IsAutomatic, PreferredUntil, ValidUntil);
}
