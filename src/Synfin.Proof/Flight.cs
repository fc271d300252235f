using Synfin.Timers;

namespace Synfin.Proof;

/// <summary>A segment under way.</summary>
/// <param name="From">Which end sent it, 0 for a and 1 for b.</param>
/// <param name="Packet">Its octets.</param>
/// <param name="SentAt">When.</param>
/// <param name="IsCopy">Whether it is what is left of one that was delivered: it may come at any time, or never.</param>
/// <param name="Id">Its number in the ladder.</param>
internal sealed record Flight(int From, byte[] Packet, Timestamp SentAt, bool IsCopy, int Id);
