using System.Collections.Generic;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Ethernet;

/// <summary>
/// The groups in which others ask for our addresses, and telling routers and switches of them (RFC 3810): a switch that looks into reports
/// keeps solicitations from who has not reported.
/// </summary>
public sealed partial class EthernetInterface
{
    /// <summary>The robustness variable (RFC 3810 9.1): how often what nobody asked for is said.</summary>
    private const int Robustness = 2;

    /// <summary>The time in which it is said again (RFC 3810 9.11).</summary>
    private static readonly Duration UnsolicitedReportInterval = Duration.FromSeconds(1);

    private static readonly MacAddress AllNodesMac = MacAddress.ForGroup(InternetAddress.AllNodes);
    private static readonly MacAddress AllHostsMac = MacAddress.ForGroup(InternetAddress.FromIpv4(224, 0, 0, 1));

    private readonly List<JoinedGroup> _groups = [];

    private void Join(InternetAddress group, Timestamp now)
    {
        if (FindGroup(group) is { } joined)
        {
            joined.Users++;
            return;
        }
        _groups.Add(new JoinedGroup(group) { ReportsLeft = Robustness, ReportDue = now });
    }

    private void Leave(InternetAddress group)
    {
        JoinedGroup joined = FindGroup(group)!;
        joined.Users--;
        if (joined.Users > 0) return;
        _groups.Remove(joined);
        Report(joined, ListenerRecord.ChangeToInclude);
    }

    /// <summary>What was said from nobody's address is said again, since routers pass over it (RFC 3590 4).</summary>
    private void ReportAllAgain(Timestamp now)
    {
        foreach (JoinedGroup joined in _groups)
        {
            joined.ReportsLeft = Math.Max(joined.ReportsLeft, 1);
            joined.ReportDue = now + Draw(UnsolicitedReportInterval);
        }
    }

    /// <summary>RFC 3810 6.2: answered at some time before the delay is over, once however many ask.</summary>
    private void QueryArrives(in ListenerQuery query, Timestamp now)
    {
        foreach (JoinedGroup joined in _groups)
        {
            if (!query.Group.IsUnspecified && query.Group != joined.Address) continue;
            joined.AnswerDue = Timestamp.Min(joined.AnswerDue, now + Draw(query.MaxResponseDelay));
            joined.AnswersVersion1 = query.IsVersion1;
        }
        PlanChores();
    }

    private void GroupsOnTime(Timestamp now)
    {
        foreach (JoinedGroup joined in _groups)
        {
            if (joined.ReportDue <= now)
            {
                Report(joined, ListenerRecord.ChangeToExclude);
                joined.ReportsLeft--;
                joined.ReportDue = joined.ReportsLeft > 0 ? now + Draw(UnsolicitedReportInterval) : Timestamp.Never;
            }
            if (joined.AnswerDue > now) continue;
            joined.AnswerDue = Timestamp.Never;
            if (MayAnswer(now)) Report(joined, ListenerRecord.ModeIsExclude);
        }
    }

    private Timestamp NextGroupDeadline()
    {
        Timestamp next = Timestamp.Never;
        foreach (JoinedGroup joined in _groups) next = Timestamp.Min(next, Timestamp.Min(joined.ReportDue, joined.AnswerDue));
        return next;
    }

    private void Report(JoinedGroup joined, ListenerRecord record)
    {
        if (_frames.IsFull) return;
        Counters.ReportsSent++;
        InternetAddress source = _slaac.LinkLocal;
        bool version1 = record is ListenerRecord.ModeIsExclude && joined.AnswersVersion1;
        int length = version1
            ? ListenerReportWriter.WriteVersion1(_frames.Payload, source, joined.Address)
            : ListenerReportWriter.WriteVersion2(_frames.Payload, source, joined.Address, record);
        AddFrame(version1 ? joined.Mac : MacAddress.ForGroup(InternetAddress.AllMulticastRouters), EtherType.Ipv6, length);
    }

    private JoinedGroup? FindGroup(InternetAddress group)
    {
        foreach (JoinedGroup joined in _groups)
        {
            if (joined.Address == group) return joined;
        }
        return null;
    }

    private bool IsInGroup(MacAddress destination)
    {
        foreach (JoinedGroup joined in _groups)
        {
            if (joined.Mac == destination) return true;
        }
        return false;
    }

    /// <summary>A link-local address is there: what needs one can be said.</summary>
    internal void LinkLocalAssigned(Timestamp now) => ReportAllAgain(now);

    /// <summary>Asks routers to advertise themselves now (RFC 4861 6.3.7); false if there is no room.</summary>
    internal bool SolicitRouters()
    {
        if (_frames.IsFull) return false;
        int length = NeighborDiscoveryWriter.WriteRouterSolicitation(_frames.Payload, _slaac.LinkLocal, Mac);
        AddFrame(MacAddress.ForGroup(InternetAddress.AllRouters), EtherType.Ipv6, length);
        return true;
    }
}
