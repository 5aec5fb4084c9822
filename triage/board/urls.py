"""Addresses of the board."""

from django.urls import path

from triage.board.views import bulk, came_back, live, moving, pausing, people, thanks

app_name = "board"
urlpatterns = [
    path("", live.show, name="show"),
    path("live/", live.live, name="live"),
    path("people-needed/", live.people_needed, name="people_needed"),
    path("rebalance/", moving.rebalance, name="rebalance"),
    path("rebalance/move/", moving.move, name="move"),
    path("rebalance/undo/", moving.undo, name="undo"),
    path("release/<int:ticket_id>/", live.release, name="release"),
    path("take-over/<int:ticket_id>/", live.take_over, name="take_over"),
    path("questions/<int:question_id>/", live.question, name="question"),
    path("unknown/<int:reply_id>/", live.decide, name="decide"),
    path("queues/<int:queue_id>/", pausing.queue, name="queue"),
    path("queues/<int:queue_id>/pause/", pausing.pause_queue, name="pause_queue"),
    path("queues/<int:queue_id>/go-on/", pausing.resume_queue, name="resume_queue"),
    path("sending/", pausing.sending, name="sending"),
    path("people/", people.index, name="people"),
    path("people/<int:user_id>/serve/", people.serve, name="serve"),
    path("people/<int:user_id>/stand/", people.stand, name="stand"),
    path("people/<int:user_id>/stop/", people.stop, name="stop"),
    path("people/<int:user_id>/trust/", people.trust, name="trust"),
    path("thanks/", thanks.index, name="thanks"),
    path("emails/", bulk.choose, name="bulk"),
    path("emails/<int:bulk_id>/", bulk.show, name="bulk_show"),
    path("emails/<int:bulk_id>/decide/", bulk.decide, name="bulk_decide"),
    path("came-back/", came_back.index, name="came_back"),
    path("answers/", pausing.answers, name="answers"),
    path("answers/<int:response_id>/", pausing.pause_answer, name="pause_answer"),
]
