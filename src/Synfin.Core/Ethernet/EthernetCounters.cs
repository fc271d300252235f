namespace Synfin.Ethernet;

/// <summary>What one Ethernet interface counted; plain numbers, read by its owner.</summary>
public sealed class EthernetCounters
{
    /// <summary>Frames in.</summary>
    public long FramesReceived;

    /// <summary>Frames given to the link; a super-segment counts once.</summary>
    public long FramesSent;

    /// <summary>Frames for other stations, or for groups that are not listened to.</summary>
    public long NotForUs;

    /// <summary>Frames or messages that could not be read, or that say what none may say.</summary>
    public long Malformed;

    /// <summary>Frames with a VLAN tag, or with something that is neither IP nor ARP.</summary>
    public long UnknownType;

    /// <summary>Redirects, which are not followed.</summary>
    public long RedirectsIgnored;

    /// <summary>Questions about neighbours sent.</summary>
    public long SolicitationsSent;

    /// <summary>Questions about neighbours that the rate limit held back.</summary>
    public long SolicitationsSuppressed;

    /// <summary>Answers about our own addresses sent.</summary>
    public long AnswersSent;

    /// <summary>Own frames dropped because of a rate limit or <see cref="EthernetOptions.MaxPendingFrames"/>.</summary>
    public long AnswersSuppressed;

    /// <summary>Claims about addresses that nobody asked about; they made no entry.</summary>
    public long UnsolicitedIgnored;

    /// <summary>Claims that contradict an entry and did not change its Ethernet address.</summary>
    public long ClaimsDoubted;

    /// <summary>Neighbours that did not answer in time.</summary>
    public long NeighborsFailed;

    /// <summary>Neighbours forgotten because of a limit.</summary>
    public long NeighborsEvicted;

    /// <summary>Packets that waited for a neighbour and were dropped, because it did not answer or because of a limit.</summary>
    public long PacketsDropped;

    /// <summary>Other hosts' claims of our addresses.</summary>
    public long AddressConflicts;

    /// <summary>Router advertisements acted on.</summary>
    public long AdvertisementsReceived;

    /// <summary>Router advertisements, or parts of them, dropped because of a limit.</summary>
    public long AdvertisementsRefused;

    /// <summary>Listeners' reports sent (MLD).</summary>
    public long ReportsSent;
}
