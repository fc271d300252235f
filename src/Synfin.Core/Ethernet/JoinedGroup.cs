using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Ethernet;

/// <summary>A group of IPv6 that an interface listens to.</summary>
internal sealed class JoinedGroup(InternetAddress address)
{
    public InternetAddress Address { get; } = address;

    public MacAddress Mac { get; } = MacAddress.ForGroup(address);

    /// <summary>How many of the interface's addresses need it.</summary>
    public int Users { get; set; } = 1;

    /// <summary>Unasked reports still to make.</summary>
    public int ReportsLeft { get; set; }

    public Timestamp ReportDue { get; set; } = Timestamp.Never;

    /// <summary>When a query is to be answered.</summary>
    public Timestamp AnswerDue { get; set; } = Timestamp.Never;

    /// <summary>Whether the query was one of MLDv1.</summary>
    public bool AnswersVersion1 { get; set; }
}
